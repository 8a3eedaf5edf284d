using System;
using System.Numerics;

namespace Kernels.Layers;

/// <summary>Largest element of every window, for codes and floats alike: a vector is a run of channels.</summary>
internal static class MaxPooling
{
    public static void Run<T>(PoolingSpec spec, ReadOnlySpan<T> input, Shape4 from, Span<T> output, Shape4 to)
        where T : unmanaged, INumber<T>
    {
        for (int n = 0; n < to.N; n++)
        {
            ReadOnlySpan<T> image = input.Slice(n * from.H * from.W * from.C, from.H * from.W * from.C);
            for (int y = 0; y < to.H; y++)
            {
                for (int x = 0; x < to.W; x++)
                {
                    Window(spec, image, from, y, x, output.Slice(((n * to.H + y) * to.W + x) * to.C, to.C));
                }
            }
        }
    }

    private static void Window<T>(PoolingSpec spec, ReadOnlySpan<T> image, Shape4 from, int y, int x, Span<T> result)
        where T : unmanaged, INumber<T>
    {
        bool isFirst = true;
        for (int ky = 0; ky < spec.KernelHeight; ky++)
        {
            int row = y * spec.StrideHeight - spec.PaddingHeight + ky * spec.DilationHeight;
            if ((uint)row >= (uint)from.H)
            {
                continue;
            }

            for (int kx = 0; kx < spec.KernelWidth; kx++)
            {
                int column = x * spec.StrideWidth - spec.PaddingWidth + kx * spec.DilationWidth;
                if ((uint)column >= (uint)from.W)
                {
                    continue;
                }

                ReadOnlySpan<T> pixel = image.Slice((row * from.W + column) * from.C, from.C);
                if (isFirst)
                {
                    pixel.CopyTo(result);
                    isFirst = false;
                }
                else
                {
                    Max(pixel, result);
                }
            }
        }
    }

    private static void Max<T>(ReadOnlySpan<T> pixel, Span<T> result)
        where T : unmanaged, INumber<T>
    {
        int c = 0;
        for (; c <= pixel.Length - Vector<T>.Count; c += Vector<T>.Count)
        {
            Vector.Max(new Vector<T>(pixel[c..]), new Vector<T>(result[c..])).CopyTo(result[c..]);
        }

        for (; c < pixel.Length; c++)
        {
            result[c] = T.Max(pixel[c], result[c]);
        }
    }
}
