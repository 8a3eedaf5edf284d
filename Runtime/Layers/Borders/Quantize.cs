using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// The step from float to int8 as a layer: <c>torch.ao.nn.quantized.Quantize</c>. Place it where a model turns to int8.
/// </summary>
public sealed class Quantize
{
    /// <summary>Makes the layer.</summary>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public Quantize(QuantizationParameters output)
    {
        Quantizer.Check(output, QuantizedDtype.Quint8);
        OutputQuantization = output;
    }

    /// <summary>Scale and zero point of the output.</summary>
    public QuantizationParameters OutputQuantization { get; }

    /// <summary>Runs the layer over a tensor.</summary>
    /// <param name="input">Real values; large ones and infinities saturate, NaN becomes the zero point.</param>
    /// <returns>A new tensor.</returns>
    public QuantizedTensor Forward(FloatTensor input) => Quantizer.Quantize(input, OutputQuantization);

    /// <summary>Runs the layer over a span.</summary>
    /// <param name="input">Real values.</param>
    /// <param name="output">Receives a code for each; at least as long.</param>
    /// <exception cref="ArgumentException">The output is too short.</exception>
    public void Run(ReadOnlySpan<float> input, Span<byte> output) => Quantizer.Quantize(input, OutputQuantization, output);
}
