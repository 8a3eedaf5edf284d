using System;

namespace Kernels.Layers;

/// <summary>Axes in another order: PyTorch's <c>permute</c>.</summary>
public sealed class FloatPermute : FloatLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="spec">The order.</param>
    /// <exception cref="ArgumentException">It does not name each axis once.</exception>
    public FloatPermute(PermuteSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec.Checked();
    }

    /// <summary>The order.</summary>
    public PermuteSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) => Spec.Run(input, from, output, to);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        Spec.Inverse().Run(outputGradient, to, inputGradient, from);
}
