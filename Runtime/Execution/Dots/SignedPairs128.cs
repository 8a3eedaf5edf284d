using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Kernels.Execution;

/// <summary>
/// s8 x s8 through smull, smull2, addp and sadalp, on any Arm64. addp adds two products in 16 bits: only for weights of which
/// packing has proved that no pair overflows. Activations are staged as signed bytes (<see cref="Recentering"/>).
/// </summary>
public readonly struct SignedPairs128 : IDot128
{
    /// <inheritdoc/>
    public static int ChannelBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Step(Vector128<int> sum, Vector128<int> x, Vector128<int> w)
    {
        Vector128<short> lower = AdvSimd.MultiplyWideningLower(x.AsSByte().GetLower(), w.AsSByte().GetLower());
        Vector128<short> upper = AdvSimd.MultiplyWideningUpper(x.AsSByte(), w.AsSByte());
        return AdvSimd.AddPairwiseWideningAndAdd(sum, AdvSimd.Arm64.AddPairwise(lower, upper));
    }
}
