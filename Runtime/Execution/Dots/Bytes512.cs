using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Execution;

/// <summary>
/// u8 x s8 through vpmaddubsw, vpmaddwd, vpaddd. vpmaddubsw saturates at int16: only for weights that packing has
/// split so that no pair can.
/// </summary>
public readonly struct Bytes512 : IDot512
{
    /// <inheritdoc/>
    public static int ChannelBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Step(Vector512<int> sum, Vector512<int> x, Vector512<int> w) =>
        Avx512F.Add(sum, Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x.AsByte(), w.AsSByte()), Vector512<short>.One));
}
