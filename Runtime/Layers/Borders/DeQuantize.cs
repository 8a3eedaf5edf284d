using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// The step from int8 back to float as a layer: <c>torch.ao.nn.quantized.DeQuantize</c>. Place it where a model turns to float.
/// </summary>
public sealed class DeQuantize
{
    /// <summary>Runs the layer over a tensor, which brings its own scale and zero point.</summary>
    /// <param name="input">Codes.</param>
    /// <returns>A new tensor.</returns>
    public FloatTensor Forward(QuantizedTensor input) => Quantizer.Dequantize(input);

    /// <summary>Runs the layer over a span.</summary>
    /// <param name="input">Codes.</param>
    /// <param name="quantization">What the codes stand for.</param>
    /// <param name="output">Receives a value for each; at least as long.</param>
    /// <exception cref="ArgumentException">The output is too short.</exception>
    public void Run(ReadOnlySpan<byte> input, QuantizationParameters quantization, Span<float> output) => Quantizer.Dequantize(input, quantization, output);
}
