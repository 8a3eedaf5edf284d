using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>GELU on int8 activations, a table computed in double precision: see <see cref="FloatGelu"/>.</summary>
public sealed class QuantizedGelu : QuantizedLookup
{
    /// <summary>Makes the layer.</summary>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="approximate">Which formula.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedGelu(QuantizationParameters input, QuantizationParameters output, GeluApproximation approximate = GeluApproximation.None)
        : base(input, output, x => ActivationFunctions.Gelu(x, approximate))
    {
    }
}
