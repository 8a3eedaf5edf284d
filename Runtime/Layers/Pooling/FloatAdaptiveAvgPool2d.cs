using System;

namespace Kernels.Layers;

/// <summary>Adaptive average pooling: PyTorch's <c>nn.AdaptiveAvgPool2d</c>.</summary>
public sealed class FloatAdaptiveAvgPool2d : FloatLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="spec">Size of the output.</param>
    /// <exception cref="ArgumentException">A size is below 1.</exception>
    public FloatAdaptiveAvgPool2d(AdaptivePoolingSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec.Checked();
    }

    /// <summary>Size of the output.</summary>
    public AdaptivePoolingSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) =>
        AveragePooling.Run(AdaptiveWindows.Instance, input, from, output, to);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        AveragePooling.Backward(AdaptiveWindows.Instance, from, to, outputGradient, inputGradient);
}
