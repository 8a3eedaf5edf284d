using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>Hyperbolic tangent on int8 activations, as PyTorch's <c>torch.tanh</c> on a quantized tensor.</summary>
public sealed class QuantizedTanh : QuantizedLookup
{
    /// <summary>Makes the layer.</summary>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedTanh(QuantizationParameters input, QuantizationParameters output)
        : base(input, output, ActivationFunctions.Tanh)
    {
    }

    /// <summary>The output parameters that PyTorch fixes for tanh: scale 2/256, zero point 128, since results are -1 to 1.</summary>
    public static QuantizationParameters FixedOutput { get; } = new(2f / 256f, 128);
}
