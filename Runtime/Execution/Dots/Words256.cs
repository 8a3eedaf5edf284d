using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Execution;

/// <summary>16-bit x 16-bit through vpmaddwd and vpaddd: exact for every weight, and for weights less their zero point.</summary>
public readonly struct Words256 : IDot256
{
    /// <inheritdoc/>
    public static int ChannelBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Step(Vector256<int> sum, Vector256<int> x, Vector256<int> w) =>
        Avx2.Add(sum, Avx2.MultiplyAddAdjacent(x.AsInt16(), w.AsInt16()));
}
