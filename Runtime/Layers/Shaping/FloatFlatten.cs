using System;

namespace Kernels.Layers;

/// <summary>
/// Every image as one row of features, in PyTorch's order c, h, w: what <c>torch.flatten(x, 1)</c> puts before a Linear.
/// </summary>
public sealed class FloatFlatten : FloatLayer
{
    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Flat(input);

    /// <summary>Shape of the rows.</summary>
    internal static Shape4 Flat(Shape4 input)
    {
        input.Checked(nameof(input));
        return new Shape4(input.N, input.C * input.H * input.W, 1, 1);
    }

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) => ChannelsLast.ToNchw(from, input, output);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        ChannelsLast.FromNchw(from, outputGradient, inputGradient);
}
