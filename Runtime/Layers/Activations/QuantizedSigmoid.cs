using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>Sigmoid on int8 activations: <c>1 / (1 + exp(-x))</c>, as <c>torch.ao.nn.quantized.Sigmoid</c>.</summary>
public sealed class QuantizedSigmoid : QuantizedLookup
{
    /// <summary>Makes the layer.</summary>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedSigmoid(QuantizationParameters input, QuantizationParameters output)
        : base(input, output, ActivationFunctions.Sigmoid)
    {
    }

    /// <summary>The output parameters that PyTorch fixes for sigmoid: scale 1/256, zero point 0, since results are 0 to 1.</summary>
    public static QuantizationParameters FixedOutput { get; } = new(1f / 256f, 0);
}
