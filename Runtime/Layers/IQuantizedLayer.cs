using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>A layer that maps quint8 activations to quint8 activations.</summary>
public interface IQuantizedLayer
{
    /// <summary>Scale and zero point that the input must have.</summary>
    QuantizationParameters InputQuantization { get; }

    /// <summary>Scale and zero point of the output.</summary>
    QuantizationParameters OutputQuantization { get; }

    /// <summary>Shape of the output for an input shape.</summary>
    /// <param name="input">Shape of the input, in NCHW order.</param>
    /// <returns>Shape of the output.</returns>
    /// <exception cref="ArgumentException">The layer cannot take such an input.</exception>
    Shape4 OutputShape(Shape4 input);

    /// <summary>Runs the layer over a batch.</summary>
    /// <param name="input">Codes in order n, h, w, c.</param>
    /// <param name="batch">Images.</param>
    /// <param name="height">Rows of an input image.</param>
    /// <param name="width">Columns of an input image.</param>
    /// <param name="output">Receives the codes in order n, h, w, c. Must not overlap the input.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape, or the shape does not fit the layer.</exception>
    void Run(ReadOnlySpan<byte> input, int batch, int height, int width, Span<byte> output);
}
