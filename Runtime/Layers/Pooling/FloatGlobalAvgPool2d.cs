using System;

namespace Kernels.Layers;

/// <summary>The mean of each channel: PyTorch's <c>nn.AdaptiveAvgPool2d(1)</c>.</summary>
public sealed class FloatGlobalAvgPool2d : FloatLayer
{
    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => input.Checked(nameof(input)) with { H = 1, W = 1 };

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) =>
        AveragePooling.Run(AdaptiveWindows.Instance, input, from, output, to);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        AveragePooling.Backward(AdaptiveWindows.Instance, from, to, outputGradient, inputGradient);
}
