using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>Every pixel twice, or every second pixel, of pixels smaller than a vector: some at once, by shuffles.</summary>
internal static unsafe class PixelPairs
{
    private const int Vector = 16;

    /// <summary>Writes every pixel twice.</summary>
    /// <param name="source">The pixels.</param>
    /// <param name="target">Receives twice as many.</param>
    /// <param name="pixels">Pixels of the source.</param>
    /// <param name="size">Bytes of a pixel: 1 to 15.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Double(byte* source, byte* target, int pixels, int size)
    {
        int perVector = Vector / size;
        byte* masks = stackalloc byte[2 * Vector];
        for (int i = 0; i < 2 * Vector; i++)
        {
            masks[i] = (byte)(i / (2 * size) * size + i % size);
        }

        // What lies behind the last whole pixel is written over by the next ones, and must lie inside.
        Vector128<byte> first = Vector128.Load(masks);
        Vector128<byte> second = Vector128.Load(masks + Vector);
        int x = 0;
        for (; pixels - x >= perVector + Vector; x += perVector)
        {
            Vector128<byte> some = Vector128.Load(source + (nint)x * size);
            Vector128.ShuffleNative(some, first).Store(target + 2 * (nint)x * size);
            Vector128.ShuffleNative(some, second).Store(target + 2 * (nint)x * size + Vector);
        }

        for (; x < pixels; x++)
        {
            for (int i = 0; i < size; i++)
            {
                target[2 * (nint)x * size + i] = target[(2 * (nint)x + 1) * size + i] = source[(nint)x * size + i];
            }
        }
    }

    /// <summary>Writes every second pixel, the first one first.</summary>
    /// <param name="source">The pixels.</param>
    /// <param name="target">Receives half as many.</param>
    /// <param name="pixels">Pixels of the target; the source has twice as many, less one at most.</param>
    /// <param name="size">Bytes of a pixel: 1 to 15.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Half(byte* source, byte* target, int pixels, int size)
    {
        int perVector = Vector / size;
        byte* masks = stackalloc byte[2 * Vector];
        for (int i = 0; i < Vector; i++)
        {
            // An index beyond a vector gives 0.
            int from = i / size * 2 * size + i % size;
            masks[i] = (byte)(from < Vector ? from : 0x80);
            masks[Vector + i] = (byte)(from is >= Vector and < 2 * Vector ? from - Vector : 0x80);
        }

        Vector128<byte> first = Vector128.Load(masks);
        Vector128<byte> second = Vector128.Load(masks + Vector);
        int x = 0;
        for (; pixels - x >= perVector + Vector; x += perVector)
        {
            byte* at = source + 2 * (nint)x * size;
            (Vector128.ShuffleNative(Vector128.Load(at), first) | Vector128.ShuffleNative(Vector128.Load(at + Vector), second)).Store(target + (nint)x * size);
        }

        for (; x < pixels; x++)
        {
            for (int i = 0; i < size; i++)
            {
                target[(nint)x * size + i] = source[2 * (nint)x * size + i];
            }
        }
    }
}
