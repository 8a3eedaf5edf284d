using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>SiLU on int8 activations: <c>x / (1 + exp(-x))</c>, a table computed in double precision.</summary>
public sealed class QuantizedSilu : QuantizedLookup
{
    /// <summary>Makes the layer.</summary>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedSilu(QuantizationParameters input, QuantizationParameters output)
        : base(input, output, ActivationFunctions.Silu)
    {
    }
}
