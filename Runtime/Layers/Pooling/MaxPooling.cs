using System;
using System.Numerics;

namespace Kernels.Layers;

/// <summary>Largest element of every window, for codes and floats alike: a vector is a run of channels.</summary>
internal static class MaxPooling
{
    public static void Run<T>(PoolingSpec spec, ReadOnlySpan<T> input, Shape4 from, Span<T> output, Shape4 to)
        where T : unmanaged, INumber<T>
    {
        for (int row = 0; row < to.N * to.H; row++)
        {
            (int n, int y) = Math.DivRem(row, to.H);
            ReadOnlySpan<T> image = input.Slice(n * from.H * from.W * from.C, from.H * from.W * from.C);
            var rows = Taps.OfRow(spec, y, from.H);
            for (int x = 0; x < to.W; x++)
            {
                Window(image, from, rows, Taps.OfColumn(spec, x, from.W), output.Slice((row * to.W + x) * to.C, to.C));
            }
        }
    }

    /// <summary>The gradient of a window goes to the first of its largest elements, row by row, as in PyTorch; of NaN it goes nowhere.</summary>
    public static void Backward(
        PoolingSpec spec, ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        inputGradient.Clear();
        int image = from.H * from.W * from.C;
        for (int row = 0; row < to.N * to.H; row++)
        {
            (int n, int y) = Math.DivRem(row, to.H);
            var rows = Taps.OfRow(spec, y, from.H);
            for (int x = 0; x < to.W; x++)
            {
                int pixel = (row * to.W + x) * to.C;
                WindowGradient(
                    input.Slice(n * image, image),
                    from,
                    rows,
                    Taps.OfColumn(spec, x, from.W),
                    output.Slice(pixel, to.C),
                    outputGradient.Slice(pixel, to.C),
                    inputGradient.Slice(n * image, image));
            }
        }
    }

    private static void Window<T>(ReadOnlySpan<T> image, Shape4 from, Taps rows, Taps columns, Span<T> result)
        where T : unmanaged, INumber<T>
    {
        if (rows.Count == 0 || columns.Count == 0)
        {
            // Dilation steps over an image that is small.
            result.Fill(T.CreateSaturating(double.NegativeInfinity));
            return;
        }

        for (int row = 0; row < rows.Count; row++)
        {
            for (int column = 0; column < columns.Count; column++)
            {
                ReadOnlySpan<T> pixel = image.Slice((rows.At(row) * from.W + columns.At(column)) * from.C, from.C);
                if (row + column == 0)
                {
                    pixel.CopyTo(result);
                }
                else
                {
                    Max(pixel, result);
                }
            }
        }
    }

    private static void WindowGradient(
        ReadOnlySpan<float> image, Shape4 from, Taps rows, Taps columns, ReadOnlySpan<float> largest, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        int c = 0;
        for (; c <= from.C - Vector<float>.Count; c += Vector<float>.Count)
        {
            var wanted = new Vector<float>(largest[c..]);
            var gradient = new Vector<float>(outputGradient[c..]);
            for (int row = 0; row < rows.Count; row++)
            {
                for (int column = 0; column < columns.Count; column++)
                {
                    int element = (rows.At(row) * from.W + columns.At(column)) * from.C + c;
                    Vector<int> isLargest = Vector.Equals(new Vector<float>(image[element..]), wanted);
                    Span<float> sums = inputGradient[element..];
                    (new Vector<float>(sums) + Vector.ConditionalSelect(isLargest, gradient, Vector<float>.Zero)).CopyTo(sums);

                    // Given once: further elements as large get nothing.
                    gradient = Vector.ConditionalSelect(isLargest, Vector<float>.Zero, gradient);
                }
            }
        }

        for (; c < from.C; c++)
        {
            int element = FirstOf(largest[c], image[c..], from, rows, columns);
            if (element >= 0)
            {
                inputGradient[element + c] += outputGradient[c];
            }
        }
    }

    /// <summary>Where the first channel has a value in a window, or -1.</summary>
    private static int FirstOf(float value, ReadOnlySpan<float> image, Shape4 from, Taps rows, Taps columns)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            for (int column = 0; column < columns.Count; column++)
            {
                int element = (rows.At(row) * from.W + columns.At(column)) * from.C;
                if (image[element] == value)
                {
                    return element;
                }
            }
        }

        return -1;
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

    /// <summary>The rows or columns of a window that lie inside the image.</summary>
    private readonly record struct Taps(int First, int Count, int Step)
    {
        public static Taps OfRow(PoolingSpec spec, int y, int size) => Inside(y * spec.StrideHeight - spec.PaddingHeight, spec.KernelHeight, spec.DilationHeight, size);

        public static Taps OfColumn(PoolingSpec spec, int x, int size) => Inside(x * spec.StrideWidth - spec.PaddingWidth, spec.KernelWidth, spec.DilationWidth, size);

        public int At(int tap) => First + tap * Step;

        private static Taps Inside(int first, int count, int step, int size)
        {
            int before = first < 0 ? (step - 1 - first) / step : 0;
            long from = first + (long)before * step;
            long inside = from < size ? (size - 1 - from) / step + 1 : 0;
            return new Taps((int)Math.Min(from, size), (int)Math.Clamp(count - before, 0, inside), step);
        }
    }
}
