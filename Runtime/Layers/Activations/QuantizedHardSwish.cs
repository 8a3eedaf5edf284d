using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>Hardswish on int8 activations: <c>x * min(max(x + 3, 0), 6) / 6</c> in float32, as <c>torch.ao.nn.quantized.Hardswish</c>.</summary>
public sealed class QuantizedHardSwish : QuantizedLookup
{
    /// <summary>Makes the layer.</summary>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedHardSwish(QuantizationParameters input, QuantizationParameters output)
        : base(input, output, ActivationFunctions.HardSwish)
    {
    }
}
