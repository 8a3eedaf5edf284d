using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>Gives the same real values other codes: for branches of a model that must agree on a scale.</summary>
public sealed class QuantizedRequantize : QuantizedLookup
{
    /// <summary>Makes the layer.</summary>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedRequantize(QuantizationParameters input, QuantizationParameters output)
        : base(input, output, static x => x)
    {
    }
}
