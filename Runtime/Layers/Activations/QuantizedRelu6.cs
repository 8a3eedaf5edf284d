using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>ReLU6 on int8 activations: codes are clamped to those of 0 and 6, as <c>torch.ao.nn.quantized.ReLU6</c>.</summary>
public sealed class QuantizedRelu6 : QuantizedLayer
{
    private readonly byte _six;

    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedRelu6(QuantizationParameters quantization)
        : base(quantization, quantization)
    {
        _six = (byte)Quantizer.QuantizeScalar(6f, 1f / quantization.Scale, quantization.ZeroPoint, byte.MinValue, byte.MaxValue);
    }

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) =>
        CodeClamp.Apply(input, (byte)InputQuantization.ZeroPoint, _six, output);
}
