using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>A layer whose epilogue adds a second int8 input of the output's shape: <see cref="EpilogueFunction.Add"/>.</summary>
public interface IResidualLayer : IQuantizedLayer
{
    /// <summary>Scale and zero point that the second input must have.</summary>
    QuantizationParameters SecondQuantization { get; }

    /// <summary>Runs the layer over a batch.</summary>
    /// <param name="input">Codes in order n, h, w, c.</param>
    /// <param name="second">Codes of the output's shape, which are added.</param>
    /// <param name="batch">Images.</param>
    /// <param name="height">Rows of an input image.</param>
    /// <param name="width">Columns of an input image.</param>
    /// <param name="output">Receives the codes in order n, h, w, c. Must overlap neither input.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape, or the shape does not fit the layer.</exception>
    void Run(ReadOnlySpan<byte> input, ReadOnlySpan<byte> second, int batch, int height, int width, Span<byte> output);
}
