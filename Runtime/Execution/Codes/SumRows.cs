using System.Numerics;
using System.Runtime.CompilerServices;

namespace Kernels.Execution;

/// <summary>Sums of codes over rows and over neighbouring pixels, in 16 bits: of at most 257 codes.</summary>
internal static unsafe class SumRows
{
    /// <summary>Codes whose sum fits 16 bits.</summary>
    public const int Most = ushort.MaxValue / byte.MaxValue;

    /// <summary>The sums of some rows, code by code.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="step">Bytes from one row to the next.</param>
    /// <param name="rows">Their number, 1 to 257.</param>
    /// <param name="target">Receives the sums, or has them added.</param>
    /// <param name="length">Codes of a row.</param>
    /// <param name="adds">Whether sums are added to what the target holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Of(byte* row, nint step, int rows, ushort* target, int length, bool adds)
    {
        int i = 0;
        for (; i <= length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector<ushort> low = adds ? Unsafe.ReadUnaligned<Vector<ushort>>(target + i) : Vector<ushort>.Zero;
            Vector<ushort> high = adds ? Unsafe.ReadUnaligned<Vector<ushort>>(target + i + Vector<ushort>.Count) : Vector<ushort>.Zero;
            byte* at = row + i;
            for (int r = 0; r < rows; r++, at += step)
            {
                Vector.Widen(Unsafe.ReadUnaligned<Vector<byte>>(at), out Vector<ushort> first, out Vector<ushort> second);
                low += first;
                high += second;
            }

            Unsafe.WriteUnaligned(target + i, low);
            Unsafe.WriteUnaligned(target + i + Vector<ushort>.Count, high);
        }

        for (; i < length; i++)
        {
            int sum = adds ? target[i] : 0;
            for (int r = 0; r < rows; r++)
            {
                sum += row[r * step + i];
            }

            target[i] = (ushort)sum;
        }
    }

    /// <summary>The sums of pixels at equal distances, for windows that follow each other at equal distances.</summary>
    /// <param name="row">The first pixel of the first window, with a vector's room behind the last.</param>
    /// <param name="tap">Elements from one pixel of a window to the next.</param>
    /// <param name="taps">Pixels of a window.</param>
    /// <param name="stride">Elements from one window to the next.</param>
    /// <param name="target">Receives a pixel for each window; with a vector's room behind the last.</param>
    /// <param name="windows">Their number.</param>
    /// <param name="size">Elements of a pixel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OfWindows(ushort* row, nint tap, int taps, nint stride, ushort* target, int windows, int size)
    {
        for (int x = 0; x < windows; x++, row += stride, target += size)
        {
            // What the last vector writes too much, the next pixel overwrites.
            for (int i = 0; i < size; i += Vector<ushort>.Count)
            {
                ushort* at = row + i;
                Vector<ushort> sum = Unsafe.ReadUnaligned<Vector<ushort>>(at);
                for (int t = 1; t < taps; t++)
                {
                    at += tap;
                    sum += Unsafe.ReadUnaligned<Vector<ushort>>(at);
                }

                Unsafe.WriteUnaligned(target + i, sum);
            }
        }
    }
}
