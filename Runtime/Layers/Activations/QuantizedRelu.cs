using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>ReLU on int8 activations: codes below the zero point become the zero point, as PyTorch's <c>torch.relu</c> on a quantized tensor.</summary>
public sealed class QuantizedRelu : QuantizedLayer
{
    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedRelu(QuantizationParameters quantization)
        : base(quantization, quantization)
    {
    }

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) =>
        CodeClamp.Apply(input, (byte)InputQuantization.ZeroPoint, byte.MaxValue, output);
}
