using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>The mean of each channel of int8 activations: PyTorch's <c>adaptive_avg_pool2d(x, 1)</c> on a quantized tensor, with the rounding of <see cref="QuantizedAvgPool2d"/>.</summary>
public sealed class QuantizedGlobalAvgPool2d : QuantizedLayer
{
    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedGlobalAvgPool2d(QuantizationParameters quantization)
        : base(quantization, quantization)
    {
    }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => input.Checked(nameof(input)) with { H = 1, W = 1 };

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) =>
        AveragePooling.Run(AdaptiveWindows.Instance, input, from, InputQuantization, output, to, OutputQuantization);
}
