using System;

namespace Kernels.Layers;

/// <summary>Rows and columns to cut off, as with negative numbers in PyTorch's <c>F.pad</c>.</summary>
/// <param name="Left">Columns at the left.</param>
/// <param name="Right">Columns at the right.</param>
/// <param name="Top">Rows at the top.</param>
/// <param name="Bottom">Rows at the bottom.</param>
public sealed record CropSpec(int Left, int Right, int Top, int Bottom)
{
    /// <summary>The margins that cut the middle out of an image; an odd pixel goes from the bottom or right.</summary>
    /// <param name="from">Shape of the image.</param>
    /// <param name="height">Rows to keep.</param>
    /// <param name="width">Columns to keep.</param>
    /// <returns>The margins.</returns>
    public static CropSpec Center(Shape4 from, int height, int width)
    {
        int top = (from.H - height) / 2;
        int left = (from.W - width) / 2;
        return new CropSpec(left, from.W - width - left, top, from.H - height - top);
    }

    /// <summary>Shape of the output.</summary>
    /// <param name="input">Shape of the input.</param>
    /// <returns>The input's shape less the margins.</returns>
    /// <exception cref="ArgumentException">A margin is negative, or nothing would be left.</exception>
    public Shape4 OutputShape(Shape4 input)
    {
        input.Checked(nameof(input));
        if (Left < 0 || Right < 0 || Top < 0 || Bottom < 0 || (long)Left + Right >= input.W || (long)Top + Bottom >= input.H)
        {
            throw new ArgumentException($"{this} must cut off at least 0 on every side and leave something of an input of {input.H}x{input.W} pixels.", nameof(input));
        }

        return input with { H = input.H - Top - Bottom, W = input.W - Left - Right };
    }

    /// <summary>Copies what is left.</summary>
    internal void Run<T>(ReadOnlySpan<T> input, Shape4 from, Span<T> output, Shape4 to)
    {
        int row = to.W * to.C;
        for (int i = 0; i < to.N * to.H; i++)
        {
            (int n, int y) = Math.DivRem(i, to.H);
            input.Slice(((n * from.H + y + Top) * from.W + Left) * from.C, row).CopyTo(output.Slice(i * row, row));
        }
    }

    /// <summary>The gradient: 0 for what was cut off.</summary>
    internal void Backward(ReadOnlySpan<float> outputGradient, Shape4 to, Span<float> inputGradient, Shape4 from)
    {
        inputGradient.Clear();
        int row = to.W * to.C;
        for (int i = 0; i < to.N * to.H; i++)
        {
            (int n, int y) = Math.DivRem(i, to.H);
            outputGradient.Slice(i * row, row).CopyTo(inputGradient[(((n * from.H + y + Top) * from.W + Left) * from.C)..]);
        }
    }
}
