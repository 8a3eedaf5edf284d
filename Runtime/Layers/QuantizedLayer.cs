using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>Base of the int8 layers that take any number of channels: it checks arguments and leaves the arithmetic to the layer.</summary>
public abstract class QuantizedLayer : IQuantizedLayer
{
    private protected QuantizedLayer(QuantizationParameters input, QuantizationParameters output)
    {
        Quantizer.Check(input, QuantizedDtype.Quint8);
        Quantizer.Check(output, QuantizedDtype.Quint8);
        InputQuantization = input;
        OutputQuantization = output;
    }

    /// <inheritdoc/>
    public QuantizationParameters InputQuantization { get; }

    /// <inheritdoc/>
    public QuantizationParameters OutputQuantization { get; }

    /// <inheritdoc/>
    public virtual Shape4 OutputShape(Shape4 input) => input.Checked(nameof(input));

    /// <summary>Runs the layer over a tensor.</summary>
    /// <param name="input">The input, quantized as <see cref="InputQuantization"/>.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">Shape or quantization of the input is not the layer's.</exception>
    public QuantizedTensor Forward(QuantizedTensor input) => LayerForward.Run(this, input);

    /// <inheritdoc/>
    /// <remarks>The number of channels is that of the span: its length divided by batch, height and width.</remarks>
    public void Run(ReadOnlySpan<byte> input, int batch, int height, int width, Span<byte> output)
    {
        Shape4 from = RunArguments.ShapeOf(input.Length, batch, height, width);
        Shape4 to = OutputShape(from);
        RunArguments.Check(from, input, to, output);
        Compute(input, from, output[..to.Count], to);
    }

    /// <summary>Computes the output; spans have exactly the lengths of their shapes.</summary>
    private protected abstract void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to);
}
