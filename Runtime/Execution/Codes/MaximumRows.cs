using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>Largest codes of rows and of neighbouring pixels; channels lie side by side, so that rows are runs of bytes whatever their number.</summary>
internal static unsafe class MaximumRows
{
    /// <summary>The largest of some rows, byte by byte.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="step">Bytes from one row to the next.</param>
    /// <param name="rows">Their number, at least 1.</param>
    /// <param name="target">Receives them.</param>
    /// <param name="length">Bytes of a row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Of(byte* row, nint step, int rows, byte* target, int length)
    {
        int i = 0;
        if (length >= Vector<byte>.Count)
        {
            // The last vector ends with the row: it computes some bytes again.
            for (; i < length; i += Vector<byte>.Count)
            {
                i = Math.Min(i, length - Vector<byte>.Count);
                byte* at = row + i;
                Vector<byte> largest = Unsafe.ReadUnaligned<Vector<byte>>(at);
                for (int r = 1; r < rows; r++)
                {
                    at += step;
                    largest = Vector.Max(largest, Unsafe.ReadUnaligned<Vector<byte>>(at));
                }

                Unsafe.WriteUnaligned(target + i, largest);
            }

            return;
        }

        for (; i < length; i++)
        {
            byte largest = row[i];
            for (int r = 1; r < rows; r++)
            {
                largest = Math.Max(largest, row[r * step + i]);
            }

            target[i] = largest;
        }
    }

    /// <summary>The largest of pixels at equal distances, for windows that follow each other at equal distances.</summary>
    /// <param name="row">The first pixel of the first window.</param>
    /// <param name="tap">Bytes from one pixel of a window to the next.</param>
    /// <param name="taps">Pixels of a window.</param>
    /// <param name="stride">Bytes from one window to the next.</param>
    /// <param name="target">Receives a pixel for each window.</param>
    /// <param name="windows">Their number.</param>
    /// <param name="size">Bytes of a pixel, at least those of a vector of 128 bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OfWindows(byte* row, nint tap, int taps, nint stride, byte* target, int windows, int size)
    {
        for (int x = 0; x < windows; x++, row += stride, target += size)
        {
            int i = 0;
            for (; i <= size - Vector256<byte>.Count; i += Vector256<byte>.Count)
            {
                byte* at = row + i;
                Vector256<byte> largest = Vector256.Load(at);
                for (int t = 1; t < taps; t++)
                {
                    at += tap;
                    largest = Vector256.Max(largest, Vector256.Load(at));
                }

                largest.Store(target + i);
            }

            for (; i < size; i += Vector128<byte>.Count)
            {
                i = Math.Min(i, size - Vector128<byte>.Count);
                byte* at = row + i;
                Vector128<byte> largest = Vector128.Load(at);
                for (int t = 1; t < taps; t++)
                {
                    at += tap;
                    largest = Vector128.Max(largest, Vector128.Load(at));
                }

                largest.Store(target + i);
            }
        }
    }
}
