using System;
using System.Buffers;

namespace Kernels.Layers;

/// <summary>A shape for every image of a batch, one of whose sizes may be left open: PyTorch's <c>x.reshape(n, c, h, w)</c>.</summary>
/// <param name="Channels">Channels, or -1 for what is left.</param>
/// <param name="Height">Rows, or -1 for what is left.</param>
/// <param name="Width">Columns, or -1 for what is left.</param>
public sealed record ReshapeSpec(int Channels, int Height = 1, int Width = 1)
{
    /// <summary>Shape of the output.</summary>
    /// <param name="input">Shape of the input.</param>
    /// <returns>The same batch, and as many elements.</returns>
    /// <exception cref="ArgumentException">The elements do not fit, or more than one size is open, or one is below 1.</exception>
    public Shape4 OutputShape(Shape4 input)
    {
        int image = input.Checked(nameof(input)).Count / input.N;
        UInt128 known = Known(Channels) * Known(Height) * Known(Width);
        int open = (Channels == -1 ? 1 : 0) + (Height == -1 ? 1 : 0) + (Width == -1 ? 1 : 0);
        if (known < 1 || open > 1 || (open == 1 ? (UInt128)image % known != 0 : known != (UInt128)image))
        {
            throw new ArgumentException($"An image of {input} has {image} elements, which do not fit {this}.", nameof(input));
        }

        int left = (int)((UInt128)image / known);
        return new Shape4(input.N, Or(Channels, left), Or(Height, left), Or(Width, left));

        static UInt128 Known(int size) => size == -1 ? 1u : (uint)Math.Max(size, 0);

        static int Or(int size, int left) => size == -1 ? left : size;
    }

    /// <summary>Copies in the order c, h, w of every image.</summary>
    internal void Run<T>(ReadOnlySpan<T> input, Shape4 from, Span<T> output, Shape4 to)
    {
        if ((from.C == 1 || from.H * from.W == 1) && (to.C == 1 || to.H * to.W == 1))
        {
            // Channels-last is the same order.
            input.CopyTo(output);
            return;
        }

        T[] rented = ArrayPool<T>.Shared.Rent(input.Length);
        ChannelsLast.ToNchw(from, input, rented);
        ChannelsLast.FromNchw<T>(to, rented, output);
        ArrayPool<T>.Shared.Return(rented);
    }
}
