using System;

namespace Kernels.Layers;

/// <summary>
/// The output size of adaptive average pooling: PyTorch's <c>nn.AdaptiveAvgPool2d</c>. Output row i is the mean of the input rows
/// <c>floor(i * in / out)</c> to <c>ceil((i + 1) * in / out)</c>.
/// </summary>
/// <param name="Height">Rows of the output, at least 1; null for those of the input.</param>
/// <param name="Width">Columns of the output, at least 1; null for those of the input.</param>
public sealed record AdaptivePoolingSpec(int? Height, int? Width)
{
    /// <summary>One pixel: the mean of each channel.</summary>
    public static AdaptivePoolingSpec Global { get; } = new(1, 1);

    /// <summary>Shape of the output.</summary>
    /// <param name="input">Shape of the input.</param>
    /// <returns>The same batch and channels.</returns>
    /// <exception cref="ArgumentException">The output would be too large.</exception>
    public Shape4 OutputShape(Shape4 input)
    {
        input.Checked(nameof(input));
        return (input with { H = Height ?? input.H, W = Width ?? input.W }).Checked(nameof(input));
    }

    /// <summary>Throws unless the sizes are positive.</summary>
    internal AdaptivePoolingSpec Checked() => Height is null or >= 1 && Width is null or >= 1
        ? this
        : throw new ArgumentException($"The output needs at least one row and column, but it would have {Height?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "all"} and {Width?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "all"}.", "spec");
}
