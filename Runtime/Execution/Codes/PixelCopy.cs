using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>Copies pixels of a few bytes that do not lie side by side: no call and no loop for those that fit a vector.</summary>
internal static unsafe class PixelCopy
{
    // Bytes from which on the runtime's own copy is as quick.
    private const int Large = 256;

    /// <summary>Copies pixels at equal distances.</summary>
    /// <param name="source">The first pixel.</param>
    /// <param name="step">Bytes from one to the next.</param>
    /// <param name="target">Receives the pixels side by side.</param>
    /// <param name="pixels">Their number.</param>
    /// <param name="size">Bytes of a pixel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Spaced(byte* source, nint step, byte* target, int pixels, int size)
    {
        if (size >= Vector128<byte>.Count)
        {
            for (int i = 0; i < pixels; i++)
            {
                Whole(source + i * step, target + (nint)i * size, size);
            }

            return;
        }

        if (step == 2 * size)
        {
            PixelPairs.Half(source, target, pixels, size);
            return;
        }

        // What a vector writes too much, the next pixel overwrites. Before the last pixels it lies inside on both sides, since their distance is no smaller than a pixel.
        int last = pixels - (Vector128<byte>.Count + size - 1) / size;
        int x = 0;
        for (; x < last && step >= size; x++)
        {
            Vector128.Load(source + x * step).Store(target + (nint)x * size);
        }

        for (; x < pixels; x++)
        {
            Few(source + x * step, target + (nint)x * size, size);
        }
    }

    /// <summary>Copies pixels that a table names, which never goes back.</summary>
    /// <param name="source">Pixel 0.</param>
    /// <param name="columns">The pixel for each one of the target.</param>
    /// <param name="readable">Bytes that may be read from the source.</param>
    /// <param name="target">Receives the pixels side by side.</param>
    /// <param name="pixels">Their number.</param>
    /// <param name="size">Bytes of a pixel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Named(byte* source, int* columns, nint readable, byte* target, int pixels, int size)
    {
        if (size >= Vector128<byte>.Count)
        {
            for (int i = 0; i < pixels; i++)
            {
                Whole(source + (nint)columns[i] * size, target + (nint)i * size, size);
            }

            return;
        }

        int last = pixels - (Vector128<byte>.Count + size - 1) / size;
        int x = 0;
        for (; x < last && (nint)columns[x] * size + Vector128<byte>.Count <= readable; x++)
        {
            Vector128.Load(source + (nint)columns[x] * size).Store(target + (nint)x * size);
        }

        for (; x < pixels; x++)
        {
            Few(source + (nint)columns[x] * size, target + (nint)x * size, size);
        }
    }

    /// <summary>At least a vector: the last one ends with the pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Whole(byte* source, byte* target, int size)
    {
        if (size >= Large)
        {
            Unsafe.CopyBlockUnaligned(target, source, (uint)size);
            return;
        }

        if (size <= Vector256<byte>.Count)
        {
            var end = Vector128.Load(source + size - Vector128<byte>.Count);
            Vector128.Load(source).Store(target);
            end.Store(target + size - Vector128<byte>.Count);
            return;
        }

        int i = 0;
        for (; i <= size - Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            Vector256.Load(source + i).Store(target + i);
        }

        if (i <= size - Vector128<byte>.Count)
        {
            Vector128.Load(source + i).Store(target + i);
            i += Vector128<byte>.Count;
        }

        if (i < size)
        {
            i = size - Vector128<byte>.Count;
            Vector128.Load(source + i).Store(target + i);
        }
    }

    /// <summary>Copies pixels at equal distances to places at equal distances, and touches nothing between.</summary>
    /// <param name="source">The first pixel.</param>
    /// <param name="sourceStep">Bytes from one pixel to the next.</param>
    /// <param name="target">Receives the first pixel.</param>
    /// <param name="step">Bytes from one place to the next.</param>
    /// <param name="pixels">Their number.</param>
    /// <param name="size">Bytes of a pixel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter(byte* source, nint sourceStep, byte* target, nint step, int pixels, int size)
    {
        if (size >= Vector128<byte>.Count)
        {
            for (int i = 0; i < pixels; i++)
            {
                Whole(source + i * sourceStep, target + i * step, size);
            }

            return;
        }

        for (int i = 0; i < pixels; i++)
        {
            Few(source + i * sourceStep, target + i * step, size);
        }
    }

    /// <summary>The same for pixels that a table names.</summary>
    /// <param name="source">Pixel 0.</param>
    /// <param name="columns">The pixel for each place.</param>
    /// <param name="target">Receives the first pixel.</param>
    /// <param name="step">Bytes from one place to the next.</param>
    /// <param name="pixels">Their number.</param>
    /// <param name="size">Bytes of a pixel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScatterNamed(byte* source, int* columns, byte* target, nint step, int pixels, int size)
    {
        if (size >= Vector128<byte>.Count)
        {
            for (int i = 0; i < pixels; i++)
            {
                Whole(source + (nint)columns[i] * size, target + i * step, size);
            }

            return;
        }

        for (int i = 0; i < pixels; i++)
        {
            Few(source + (nint)columns[i] * size, target + i * step, size);
        }
    }

    /// <summary>Less than a vector: two parts that overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Few(byte* source, byte* target, int size)
    {
        if (size >= sizeof(ulong))
        {
            ulong end = *(ulong*)(source + size - sizeof(ulong));
            *(ulong*)target = *(ulong*)source;
            *(ulong*)(target + size - sizeof(ulong)) = end;
        }
        else if (size >= sizeof(uint))
        {
            uint end = *(uint*)(source + size - sizeof(uint));
            *(uint*)target = *(uint*)source;
            *(uint*)(target + size - sizeof(uint)) = end;
        }
        else if (size >= sizeof(ushort))
        {
            byte end = source[size - 1];
            *(ushort*)target = *(ushort*)source;
            target[size - 1] = end;
        }
        else
        {
            *target = *source;
        }
    }
}
