using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>Bytes to words, for kernels that multiply 16-bit values.</summary>
internal static unsafe class Widening
{
    /// <summary>Zero-extends bytes.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="target">Receives the words.</param>
    /// <param name="count">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToWords(byte* source, ushort* target, int count)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= count - 32; i += 32)
            {
                (Vector256<ushort> lower, Vector256<ushort> upper) = Vector256.Widen(Vector256.Load(source + i));
                lower.Store(target + i);
                upper.Store(target + i + 16);
            }
        }

        if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= count - 16; i += 16)
            {
                (Vector128<ushort> lower, Vector128<ushort> upper) = Vector128.Widen(Vector128.Load(source + i));
                lower.Store(target + i);
                upper.Store(target + i + 8);
            }
        }

        for (; i < count; i++)
        {
            target[i] = source[i];
        }
    }
}
