using System;
using Kernels.Layers;

namespace Kernels.Execution;

/// <summary>The checks at the entry of every generated layer; behind them kernels read and write without bounds checks.</summary>
public static class LayerGuard
{
    /// <summary>Checks the spans of a run.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="input">Input codes.</param>
    /// <param name="batch">Images.</param>
    /// <param name="height">Rows of an input image.</param>
    /// <param name="width">Columns of an input image.</param>
    /// <param name="output">Receives the output codes.</param>
    /// <returns>Shape of the output.</returns>
    /// <exception cref="ArgumentException">A span is shorter than its shape, they overlap, or the shape does not fit the layer.</exception>
    public static Shape4 CheckRun(ConvolutionSpec spec, ReadOnlySpan<byte> input, int batch, int height, int width, Span<byte> output)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var shape = new Shape4(batch, spec.InChannels, height, width);
        Shape4 result = spec.OutputShape(shape);
        RunArguments.Check<byte>(shape, input, result, output);
        return result;
    }
}
