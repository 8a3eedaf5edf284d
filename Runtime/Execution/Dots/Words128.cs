using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Execution;

/// <summary>
/// 16-bit x 16-bit on 128-bit vectors of any CPU: pmaddwd on x86; smull, smull2, addp and add on Arm64; two int32 products elsewhere.
/// </summary>
public readonly struct Words128 : IDot128
{
    /// <inheritdoc/>
    public static int ChannelBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Step(Vector128<int> sum, Vector128<int> x, Vector128<int> w)
    {
        if (Sse2.IsSupported)
        {
            return sum + Sse2.MultiplyAddAdjacent(x.AsInt16(), w.AsInt16());
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            Vector128<int> lower = AdvSimd.MultiplyWideningLower(x.AsInt16().GetLower(), w.AsInt16().GetLower());
            Vector128<int> upper = AdvSimd.MultiplyWideningUpper(x.AsInt16(), w.AsInt16());
            return sum + AdvSimd.Arm64.AddPairwise(lower, upper);
        }

        // The lower word of a lane, then the upper one; both sign-extended by the shifts.
        return sum + ((x << 16) >> 16) * ((w << 16) >> 16) + (x >> 16) * (w >> 16);
    }
}
