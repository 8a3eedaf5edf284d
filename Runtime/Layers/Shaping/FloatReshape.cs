using System;

namespace Kernels.Layers;

/// <summary>The elements of every image, in PyTorch's order c, h, w, under another shape: <c>x.reshape(n, c, h, w)</c>.</summary>
public sealed class FloatReshape : FloatLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="spec">Shape of an image of the output.</param>
    public FloatReshape(ReshapeSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
    }

    /// <summary>Shape of an image of the output.</summary>
    public ReshapeSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) => Spec.Run(input, from, output, to);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        Spec.Run(outputGradient, to, inputGradient, from);
}
