using System;

namespace Kernels.Layers;

/// <summary>A part along one axis: Python's <c>x[start:end:step]</c>.</summary>
public sealed class FloatSlice : FloatLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="spec">Which part.</param>
    public FloatSlice(SliceSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
    }

    /// <summary>Which part.</summary>
    public SliceSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) => Spec.Run(input, from, output, to);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        Spec.Backward(outputGradient, to, inputGradient, from);
}
