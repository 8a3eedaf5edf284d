using System;

namespace Kernels.Layers;

/// <summary>A layer that maps float32 activations to float32 activations: the twin of a quantized layer, for calibration and for comparison.</summary>
public interface IFloatLayer
{
    /// <summary>Shape of the output for an input shape.</summary>
    /// <param name="input">Shape of the input, in NCHW order.</param>
    /// <returns>Shape of the output.</returns>
    /// <exception cref="ArgumentException">The layer cannot take such an input.</exception>
    Shape4 OutputShape(Shape4 input);

    /// <summary>Runs the layer over a batch.</summary>
    /// <param name="input">Values in order n, h, w, c.</param>
    /// <param name="batch">Images.</param>
    /// <param name="height">Rows of an input image.</param>
    /// <param name="width">Columns of an input image.</param>
    /// <param name="output">Receives the values in order n, h, w, c. Must not overlap the input.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape, or the shape does not fit the layer.</exception>
    void Run(ReadOnlySpan<float> input, int batch, int height, int width, Span<float> output);
}
