using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// Adaptive average pooling of int8 activations: PyTorch's <c>adaptive_avg_pool2d</c> on a quantized tensor, with the rounding of
/// <see cref="QuantizedAvgPool2d"/>.
/// </summary>
public sealed class QuantizedAdaptiveAvgPool2d : QuantizedLayer
{
    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="spec">Size of the output.</param>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    /// <exception cref="ArgumentException">A size is below 1.</exception>
    public QuantizedAdaptiveAvgPool2d(AdaptivePoolingSpec spec, QuantizationParameters quantization)
        : base(quantization, quantization)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec.Checked();
    }

    /// <summary>Size of the output.</summary>
    public AdaptivePoolingSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) =>
        AveragePooling.Run(AdaptiveWindows.Instance, input, from, InputQuantization, output, to, OutputQuantization);
}
