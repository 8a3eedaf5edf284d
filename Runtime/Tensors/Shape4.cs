using System;
using System.Globalization;

namespace Kernels;

/// <summary>
/// The four dimensions of a tensor, in PyTorch's order: batch, channels, height, width for activations,
/// the two channel dimensions and the kernel's for weights. Memory of activations is channels-last.
/// </summary>
/// <param name="N">Images in the batch (first dimension).</param>
/// <param name="C">Channels (second dimension).</param>
/// <param name="H">Rows (third dimension).</param>
/// <param name="W">Columns (fourth dimension).</param>
public readonly record struct Shape4(int N, int C, int H, int W)
{
    /// <summary>The number of elements.</summary>
    /// <exception cref="OverflowException">The count is above <see cref="int.MaxValue"/>.</exception>
    public int Count => checked(N * C * H * W);

    /// <summary>Throws when a dimension is below 1 or the count does not fit an array.</summary>
    /// <param name="name">The parameter that the message names.</param>
    /// <returns>The shape itself.</returns>
    /// <exception cref="ArgumentException">A dimension is below 1 or the count is above <see cref="int.MaxValue"/>.</exception>
    public Shape4 Checked(string name)
    {
        if (N < 1 || C < 1 || H < 1 || W < 1)
        {
            throw new ArgumentException($"Every dimension must be at least 1, but the shape is {this}.", name);
        }

        if ((long)N * C > int.MaxValue || (long)H * W > int.MaxValue || (long)N * C * (H * W) > int.MaxValue)
        {
            throw new ArgumentException($"A tensor holds at most {int.MaxValue} elements, but the shape is {this}.", name);
        }

        return this;
    }

    /// <summary>The shape as PyTorch prints it, for example <c>[1, 3, 32, 32]</c>.</summary>
    /// <returns>The four dimensions in square brackets.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{N}, {C}, {H}, {W}]");
}
