using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>A power on int8 activations, a table of 256 results: see <see cref="FloatPow"/>. Codes whose power is not a number get the code of 0.</summary>
public sealed class QuantizedPow : QuantizedLookup
{
    /// <summary>Makes the layer.</summary>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="exponent">The exponent, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedPow(QuantizationParameters input, QuantizationParameters output, float exponent)
        : base(input, output, x => MathF.Pow(x, exponent) is var power && float.IsNaN(power) ? 0f : power)
    {
    }
}
