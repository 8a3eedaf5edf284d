using System;

namespace Kernels.Layers;

/// <summary>Axes in another order: PyTorch's <c>x.permute(batch, channels, height, width)</c>. Each number is the axis of the input that an axis of the output is.</summary>
/// <param name="Batch">0 batch, 1 channels, 2 rows, 3 columns.</param>
/// <param name="Channels">The axis that becomes channels.</param>
/// <param name="Height">The axis that becomes rows.</param>
/// <param name="Width">The axis that becomes columns.</param>
public sealed record PermuteSpec(int Batch, int Channels, int Height, int Width)
{
    /// <summary>Shape of the output.</summary>
    /// <param name="input">Shape of the input.</param>
    /// <returns>The sizes in the new order.</returns>
    public Shape4 OutputShape(Shape4 input)
    {
        input.Checked(nameof(input));
        return new Shape4(Size(input, Batch), Size(input, Channels), Size(input, Height), Size(input, Width));
    }

    /// <summary>The order that brings the axes back.</summary>
    internal PermuteSpec Inverse()
    {
        int[] order = [Batch, Channels, Height, Width];
        return new PermuteSpec(Array.IndexOf(order, 0), Array.IndexOf(order, 1), Array.IndexOf(order, 2), Array.IndexOf(order, 3));
    }

    /// <summary>Throws unless each axis is there once.</summary>
    internal PermuteSpec Checked()
    {
        int[] order = [Batch, Channels, Height, Width];
        Array.Sort(order);
        return order is [0, 1, 2, 3] ? this : throw new ArgumentException($"{this} must name each of the axes 0 to 3 once.", "spec");
    }

    /// <summary>Copies elements to their places.</summary>
    internal void Run<T>(ReadOnlySpan<T> input, Shape4 from, Span<T> output, Shape4 to)
    {
        int channelStep = Stride(from, Channels);
        int i = 0;
        for (int n = 0; n < to.N; n++)
        {
            for (int h = 0; h < to.H; h++)
            {
                int row = n * Stride(from, Batch) + h * Stride(from, Height);
                for (int w = 0; w < to.W; w++)
                {
                    int source = row + w * Stride(from, Width);
                    Span<T> pixel = output.Slice(i, to.C);
                    i += to.C;
                    if (channelStep == 1)
                    {
                        input.Slice(source, to.C).CopyTo(pixel);
                        continue;
                    }

                    for (int c = 0; c < pixel.Length; c++)
                    {
                        pixel[c] = input[source + c * channelStep];
                    }
                }
            }
        }
    }

    /// <summary>Elements between neighbours along an axis, in memory.</summary>
    private static int Stride(Shape4 shape, int axis) => axis switch { 0 => shape.H * shape.W * shape.C, 1 => 1, 2 => shape.W * shape.C, _ => shape.C };

    private static int Size(Shape4 shape, int axis) => axis switch { 0 => shape.N, 1 => shape.C, 2 => shape.H, _ => shape.W };
}
