using System;

namespace Kernels.Layers;

/// <summary>The mean of each channel: PyTorch's <c>nn.AdaptiveAvgPool2d(1)</c>.</summary>
public sealed class FloatGlobalAvgPool2d : FloatLayer
{
    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => input.Checked(nameof(input)) with { H = 1, W = 1 };

    /// <summary>A window larger than any image: what lies beyond the image is cut off and not counted.</summary>
    internal static PoolingSpec Whole { get; } = new(int.MaxValue);

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) =>
        AveragePooling.Run(Whole, input, from, output, to);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        AveragePooling.Backward(Whole, from, to, outputGradient, inputGradient);
}
