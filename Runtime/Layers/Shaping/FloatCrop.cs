using System;

namespace Kernels.Layers;

/// <summary>Cuts rows and columns off float activations.</summary>
public sealed class FloatCrop : FloatLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="spec">What to cut off.</param>
    public FloatCrop(CropSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
    }

    /// <summary>What to cut off.</summary>
    public CropSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) =>
        Spec.Run(input, from, output, to);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        Spec.Backward(outputGradient, to, inputGradient, from);
}
