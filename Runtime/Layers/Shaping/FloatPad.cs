using System;

namespace Kernels.Layers;

/// <summary>Pads float activations: PyTorch's <c>F.pad</c>.</summary>
public sealed class FloatPad : FloatLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="spec">What to add.</param>
    public FloatPad(PadSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
    }

    /// <summary>What to add.</summary>
    public PadSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) =>
        Spec.Run(input, from, output, to, Spec.Value);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        Spec.Backward(outputGradient, to, inputGradient, from);
}
