using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>ELU on int8 activations: <c>x &gt; 0 ? x : alpha * (exp(x) - 1)</c>, as <c>torch.ao.nn.quantized.ELU</c>; a table computed in double precision.</summary>
public sealed class QuantizedElu : QuantizedLookup
{
    /// <summary>Makes the layer.</summary>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="alpha">Minus the limit far below zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedElu(QuantizationParameters input, QuantizationParameters output, float alpha = 1f)
        : base(input, output, x => ActivationFunctions.Elu(x, alpha))
    {
    }
}
