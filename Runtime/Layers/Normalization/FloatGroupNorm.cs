using System;

namespace Kernels.Layers;

/// <summary>Normalizes groups of channels of every image: PyTorch's <c>nn.GroupNorm</c>; with a group a channel, <c>nn.InstanceNorm2d</c>.</summary>
public sealed class FloatGroupNorm : FloatNormalization
{
    /// <summary>Makes the layer.</summary>
    /// <param name="numGroups">Groups of neighbouring channels; the number of channels must be divisible by it.</param>
    /// <param name="parameters">Weight and bias of each channel.</param>
    /// <exception cref="ArgumentException">The channels do not make so many groups.</exception>
    public FloatGroupNorm(int numGroups, NormalizationParameters parameters)
        : base(parameters)
    {
        NumGroups = numGroups >= 1 && Parameters.Channels % numGroups == 0
            ? numGroups
            : throw new ArgumentException($"The number of groups must divide that of channels, {Parameters.Channels}, but is {numGroups}.", nameof(numGroups));
    }

    /// <summary>Groups of neighbouring channels.</summary>
    public int NumGroups { get; }

    private protected override (int Pixels, int Channels) SetOf(Shape4 shape) => (shape.H * shape.W, shape.C / NumGroups);
}
