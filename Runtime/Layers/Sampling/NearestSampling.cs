using System;

namespace Kernels.Layers;

/// <summary>Nearest upsampling of codes and floats alike: whole pixels are copied, and rows that repeat are copied whole.</summary>
internal static class NearestSampling
{
    public static void Run<T>(UpsampleSpec spec, ReadOnlySpan<T> input, Shape4 from, Span<T> output, Shape4 to)
    {
        SamplingAxis rows = spec.Rows(from.H, to.H);
        SamplingAxis columns = spec.Columns(from.W, to.W);
        int inputRow = from.W * from.C;
        int outputRow = to.W * to.C;
        for (int n = 0; n < to.N; n++)
        {
            int held = -1;
            for (int y = 0; y < to.H; y++)
            {
                int row = rows.Nearest(y);
                Span<T> target = output.Slice((n * to.H + y) * outputRow, outputRow);
                if (row == held)
                {
                    output.Slice((n * to.H + y - 1) * outputRow, outputRow).CopyTo(target);
                    continue;
                }

                held = row;
                Stretch(input.Slice((n * from.H + row) * inputRow, inputRow), target, to, columns);
            }
        }
    }

    /// <summary>The gradient: every source pixel gets the sum of its copies'.</summary>
    public static void Backward(UpsampleSpec spec, ReadOnlySpan<float> outputGradient, Shape4 to, Span<float> inputGradient, Shape4 from)
    {
        inputGradient.Clear();
        SamplingAxis rows = spec.Rows(from.H, to.H);
        SamplingAxis columns = spec.Columns(from.W, to.W);
        for (int i = 0; i < to.N * to.H; i++)
        {
            (int n, int y) = Math.DivRem(i, to.H);
            Span<float> sums = inputGradient.Slice((n * from.H + rows.Nearest(y)) * from.W * from.C, from.W * from.C);
            for (int x = 0; x < to.W; x++)
            {
                Accumulation.Add(outputGradient.Slice((i * to.W + x) * to.C, to.C), sums.Slice(columns.Nearest(x) * to.C, to.C));
            }
        }
    }

    private static void Stretch<T>(ReadOnlySpan<T> source, Span<T> target, Shape4 to, SamplingAxis columns)
    {
        if (to.C == 1)
        {
            for (int x = 0; x < to.W; x++)
            {
                target[x] = source[columns.Nearest(x)];
            }

            return;
        }

        for (int x = 0; x < to.W; x++)
        {
            source.Slice(columns.Nearest(x) * to.C, to.C).CopyTo(target.Slice(x * to.C, to.C));
        }
    }
}
