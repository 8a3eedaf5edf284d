using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>
/// Activations less 128 as signed bytes, for CPUs that multiply signed bytes only; the input zero point that start values
/// take off is then 128 less too.
/// </summary>
/// <remarks>
/// Done once where rows are staged, not at each load of a tile: a load meets 4 vectors of a block before the next block
/// loads the same bytes again, so that every fifth instruction of the tile would recentre.
/// </remarks>
internal static unsafe class Recentering
{
    /// <summary>The bit in which a byte and its signed twin differ.</summary>
    public const byte Flip = 0x80;

    /// <summary>Copies bytes and recentres them.</summary>
    /// <param name="source">Unsigned bytes.</param>
    /// <param name="target">Receives the signed ones; may be <paramref name="source"/>.</param>
    /// <param name="count">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(byte* source, byte* target, nint count)
    {
        nint i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= count - 16; i += 16)
            {
                (Vector128.Load(source + i) ^ Vector128.Create(Flip)).Store(target + i);
            }
        }

        for (; i < count; i++)
        {
            target[i] = (byte)(source[i] ^ Flip);
        }
    }
}
