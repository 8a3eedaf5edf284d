using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Execution;

/// <summary>16-bit x 16-bit through vpmaddwd and vpaddd: exact for every weight, and for weights less their zero point.</summary>
public readonly struct Words512 : IDot512
{
    /// <inheritdoc/>
    public static int ChannelBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Step(Vector512<int> sum, Vector512<int> x, Vector512<int> w) =>
        Avx512F.Add(sum, Avx512BW.MultiplyAddAdjacent(x.AsInt16(), w.AsInt16()));
}
