using System;

namespace Kernels.Layers;

/// <summary>Nearest upsampling of codes and floats alike: whole pixels are copied, and rows that repeat are copied whole.</summary>
internal static class NearestSampling
{
    public static void Run<T>(UpsampleSpec spec, ReadOnlySpan<T> input, Shape4 from, Span<T> output, Shape4 to)
    {
        float rowStep = spec.RowStep(from.H, to.H);
        float columnStep = spec.ColumnStep(from.W, to.W);
        int inputRow = from.W * from.C;
        int outputRow = to.W * to.C;
        for (int n = 0; n < to.N; n++)
        {
            int held = -1;
            for (int y = 0; y < to.H; y++)
            {
                int row = Source(y, rowStep, from.H);
                Span<T> target = output.Slice((n * to.H + y) * outputRow, outputRow);
                if (row == held)
                {
                    output.Slice((n * to.H + y - 1) * outputRow, outputRow).CopyTo(target);
                    continue;
                }

                held = row;
                Stretch(input.Slice((n * from.H + row) * inputRow, inputRow), from.W, target, to, columnStep);
            }
        }
    }

    /// <summary>The gradient: every source pixel gets the sum of its copies'.</summary>
    public static void Backward(UpsampleSpec spec, ReadOnlySpan<float> outputGradient, Shape4 to, Span<float> inputGradient, Shape4 from)
    {
        inputGradient.Clear();
        float rowStep = spec.RowStep(from.H, to.H);
        float columnStep = spec.ColumnStep(from.W, to.W);
        for (int i = 0; i < to.N * to.H; i++)
        {
            (int n, int y) = Math.DivRem(i, to.H);
            Span<float> sums = inputGradient.Slice((n * from.H + Source(y, rowStep, from.H)) * from.W * from.C, from.W * from.C);
            for (int x = 0; x < to.W; x++)
            {
                Accumulation.Add(outputGradient.Slice((i * to.W + x) * to.C, to.C), sums.Slice(Source(x, columnStep, from.W) * to.C, to.C));
            }
        }
    }

    private static void Stretch<T>(ReadOnlySpan<T> source, int columns, Span<T> target, Shape4 to, float step)
    {
        if (to.C == 1)
        {
            for (int x = 0; x < to.W; x++)
            {
                target[x] = source[Source(x, step, columns)];
            }

            return;
        }

        for (int x = 0; x < to.W; x++)
        {
            source.Slice(Source(x, step, columns) * to.C, to.C).CopyTo(target.Slice(x * to.C, to.C));
        }
    }

    private static int Source(int target, float step, int count) => Math.Min((int)MathF.Floor(target * step), count - 1);
}
