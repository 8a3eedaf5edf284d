using System;

namespace Kernels.Layers;

/// <summary>Shapes that differ where one of them is 1: PyTorch's broadcasting, over four axes.</summary>
internal static class Broadcasting
{
    /// <summary>Shape of the result.</summary>
    /// <exception cref="ArgumentException">Along an axis the sizes differ and none is 1.</exception>
    public static Shape4 OutputShape(Shape4 first, Shape4 second)
    {
        first.Checked(nameof(first));
        second.Checked(nameof(second));
        return Fits(first.N, second.N) && Fits(first.C, second.C) && Fits(first.H, second.H) && Fits(first.W, second.W)
            ? new Shape4(Math.Max(first.N, second.N), Math.Max(first.C, second.C), Math.Max(first.H, second.H), Math.Max(first.W, second.W)).Checked(nameof(second))
            : throw new ArgumentException($"The second input must have the first one's shape {first}, or either may be 1 along an axis, but it is {second}.", nameof(second));
    }

    private static bool Fits(int first, int second) => first == second || first == 1 || second == 1;

    /// <summary>Throws unless the spans hold their shapes.</summary>
    /// <returns>Shape of the result.</returns>
    public static Shape4 Check(Shape4 first, int firstLength, Shape4 second, int secondLength, int outputLength)
    {
        Shape4 to = OutputShape(first, second);
        RunArguments.CheckLength(first, firstLength, nameof(first));
        RunArguments.CheckLength(second, secondLength, nameof(second));
        RunArguments.CheckLength(to, outputLength, "output");
        return to;
    }

    /// <summary>Whether a shape has whole rows of the result.</summary>
    public static bool HasRows(Shape4 from, Shape4 to) => from.W == to.W && from.C == to.C;

    /// <summary>The row of an input that belongs to a row of the result, counted over images.</summary>
    public static int Row(Shape4 from, Shape4 to, int row)
    {
        (int n, int h) = Math.DivRem(row, to.H);
        return (from.N == 1 ? 0 : n) * from.H + (from.H == 1 ? 0 : h);
    }

    /// <summary>Repeats a row of an input to one of the result.</summary>
    public static void Spread<T>(ReadOnlySpan<T> row, Shape4 from, Span<T> result, Shape4 to)
    {
        if (from.W == 1 && from.C == to.C)
        {
            Repeat(row, result);
        }
        else if (from.W == 1)
        {
            result.Fill(row[0]);
        }
        else
        {
            for (int x = 0; x < to.W; x++)
            {
                result.Slice(x * to.C, to.C).Fill(row[x]);
            }
        }
    }

    /// <summary>Repeats one pixel along a row.</summary>
    public static void Repeat<T>(ReadOnlySpan<T> pixel, Span<T> row)
    {
        pixel.CopyTo(row);
        for (int done = pixel.Length; done < row.Length; done *= 2)
        {
            row[..Math.Min(done, row.Length - done)].CopyTo(row[done..]);
        }
    }

    /// <summary>Adds the gradient of a spread row to that of the row it was spread from.</summary>
    public static void Gather(Span<float> gradient, Shape4 to, Span<float> row, Shape4 from)
    {
        if (from.W == 1)
        {
            // The row by itself first, so that float32 loses little in large images.
            Span<float> pixel = gradient[..to.C];
            for (int x = 1; x < to.W; x++)
            {
                Accumulation.Add(gradient.Slice(x * to.C, to.C), pixel);
            }

            gradient = pixel;
        }

        if (from.C == to.C)
        {
            Accumulation.Add(gradient, row);
            return;
        }

        for (int x = 0; x < row.Length; x++)
        {
            foreach (float value in gradient.Slice(x * to.C, to.C))
            {
                row[x] += value;
            }
        }
    }
}
