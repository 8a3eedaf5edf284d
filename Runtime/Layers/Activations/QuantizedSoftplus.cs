using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>Softplus on int8 activations, a table computed in double precision: see <see cref="FloatSoftplus"/>.</summary>
public sealed class QuantizedSoftplus : QuantizedLookup
{
    /// <summary>Makes the layer.</summary>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="beta">Steepness, not 0.</param>
    /// <param name="threshold">Where the function counts as x.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedSoftplus(QuantizationParameters input, QuantizationParameters output, float beta = 1f, float threshold = 20f)
        : base(input, output, x => ActivationFunctions.Softplus(x, beta, threshold))
    {
    }
}
