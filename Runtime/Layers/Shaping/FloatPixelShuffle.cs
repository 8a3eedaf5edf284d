using System;

namespace Kernels.Layers;

/// <summary>Channels to pixels: PyTorch's <c>nn.PixelShuffle</c>.</summary>
public sealed class FloatPixelShuffle : FloatLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="spec">Factor and order.</param>
    public FloatPixelShuffle(PixelShuffleSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
    }

    /// <summary>Factor and order.</summary>
    public PixelShuffleSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.LargeShape(input);

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) => Spec.Enlarge(input, from, output, to);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        Spec.Reduce(outputGradient, to, inputGradient, from);
}
