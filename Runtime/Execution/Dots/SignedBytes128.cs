using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Kernels.Execution;

/// <summary>
/// s8 x s8 through Arm's sdot, which adds 4 products to an int32: exact for every weight. Activations are staged as
/// signed bytes (<see cref="Recentering"/>).
/// </summary>
public readonly struct SignedBytes128 : IDot128
{
    /// <inheritdoc/>
    public static int ChannelBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Step(Vector128<int> sum, Vector128<int> x, Vector128<int> w) =>
        Dp.DotProduct(sum, x.AsSByte(), w.AsSByte());
}
