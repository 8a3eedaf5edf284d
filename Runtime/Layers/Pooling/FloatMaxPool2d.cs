using System;

namespace Kernels.Layers;

/// <summary>Max pooling: PyTorch's <c>nn.MaxPool2d</c>. Padding never wins; NaN does.</summary>
public sealed class FloatMaxPool2d : FloatLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="spec">The window.</param>
    /// <exception cref="ArgumentException">A parameter of the window is out of range.</exception>
    public FloatMaxPool2d(PoolingSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec.Checked(allowDilation: true);
    }

    /// <summary>The window.</summary>
    public PoolingSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) =>
        MaxPooling.Run(Spec, input, from, output, to);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        MaxPooling.Backward(Spec, input, from, output, to, outputGradient, inputGradient);
}
