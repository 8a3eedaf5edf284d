using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>Mish on int8 activations: <c>x * tanh(log(1 + exp(x)))</c>, a table computed in double precision.</summary>
public sealed class QuantizedMish : QuantizedLookup
{
    /// <summary>Makes the layer.</summary>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedMish(QuantizationParameters input, QuantizationParameters output)
        : base(input, output, ActivationFunctions.Mish)
    {
    }
}
