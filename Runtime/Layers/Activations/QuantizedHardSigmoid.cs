using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>Hardsigmoid on int8 activations: <c>min(max(x + 3, 0), 6) / 6</c> in float32, as PyTorch's <c>F.hardsigmoid</c> on a quantized tensor.</summary>
public sealed class QuantizedHardSigmoid : QuantizedLookup
{
    /// <summary>Makes the layer.</summary>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedHardSigmoid(QuantizationParameters input, QuantizationParameters output)
        : base(input, output, ActivationFunctions.HardSigmoid)
    {
    }

    /// <summary>The output parameters that PyTorch fixes for hardsigmoid: scale 1/256, zero point 0, since results are 0 to 1.</summary>
    public static QuantizationParameters FixedOutput => QuantizedSigmoid.FixedOutput;
}
