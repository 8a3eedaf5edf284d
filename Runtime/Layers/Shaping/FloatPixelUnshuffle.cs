using System;

namespace Kernels.Layers;

/// <summary>Pixels to channels: PyTorch's <c>nn.PixelUnshuffle</c>.</summary>
public sealed class FloatPixelUnshuffle : FloatLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="spec">Factor and order.</param>
    public FloatPixelUnshuffle(PixelShuffleSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
    }

    /// <summary>Factor and order.</summary>
    public PixelShuffleSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.SmallShape(input);

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) => Spec.Reduce(input, from, output, to);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        Spec.Enlarge(outputGradient, to, inputGradient, from);
}
