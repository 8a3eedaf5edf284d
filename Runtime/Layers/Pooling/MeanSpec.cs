using System;

namespace Kernels.Layers;

/// <summary>The axes of a mean, which stay with size 1: PyTorch's <c>torch.mean(x, dim, keepdim=True)</c>.</summary>
public sealed record MeanSpec
{
    /// <summary>Chooses axes.</summary>
    /// <param name="axes">At least one of 1 channels, 2 rows, 3 columns; negative counts from the end. The batch stays.</param>
    /// <exception cref="ArgumentException">No axis, one twice, or one that is not among these.</exception>
    public MeanSpec(params ReadOnlySpan<int> axes)
    {
        foreach (int given in axes)
        {
            int axis = Concatenation.Axis(given);
            bool isTwice = axis switch { 1 => Channels, 2 => Rows, 3 => Columns, _ => true };
            if (isTwice)
            {
                throw new ArgumentException($"A mean is over channels (1), rows (2) and columns (3), each at most once, but the axis {given} was given.", nameof(axes));
            }

            Channels |= axis == 1;
            Rows |= axis == 2;
            Columns |= axis == 3;
        }

        if (axes.IsEmpty)
        {
            throw new ArgumentException("Give the axes of the mean.", nameof(axes));
        }
    }

    /// <summary>Whether the mean is over channels.</summary>
    public bool Channels { get; }

    /// <summary>Whether the mean is over rows.</summary>
    public bool Rows { get; }

    /// <summary>Whether the mean is over columns.</summary>
    public bool Columns { get; }

    /// <summary>Shape of the output.</summary>
    /// <param name="input">Shape of the input.</param>
    /// <returns>The input's shape, 1 along the axes.</returns>
    public Shape4 OutputShape(Shape4 input)
    {
        input.Checked(nameof(input));
        return new Shape4(input.N, Channels ? 1 : input.C, Rows ? 1 : input.H, Columns ? 1 : input.W);
    }
}
