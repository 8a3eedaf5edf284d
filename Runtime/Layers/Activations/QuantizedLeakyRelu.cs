using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>LeakyReLU on int8 activations: <c>x &gt; 0 ? x : x * negativeSlope</c> in float32, as <c>torch.ao.nn.quantized.LeakyReLU</c>.</summary>
public sealed class QuantizedLeakyRelu : QuantizedLookup
{
    /// <summary>Makes the layer.</summary>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="negativeSlope">Factor for values below zero, finite; PyTorch's default is 0.01.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    /// <exception cref="ArgumentException">The slope is not finite.</exception>
    public QuantizedLeakyRelu(QuantizationParameters input, QuantizationParameters output, float negativeSlope = 0.01f)
        : base(input, output, Function(SpecNumber.CheckFinite(negativeSlope, nameof(negativeSlope))))
    {
    }

    private static Func<float, float> Function(float negativeSlope) => x => ActivationFunctions.LeakyRelu(x, negativeSlope);
}
