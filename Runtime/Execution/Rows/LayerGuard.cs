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

    /// <summary>Checks the spans of a run with a second input.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="input">Input codes.</param>
    /// <param name="second">Codes of the second input, of the output's shape.</param>
    /// <param name="batch">Images.</param>
    /// <param name="height">Rows of an input image.</param>
    /// <param name="width">Columns of an input image.</param>
    /// <param name="output">Receives the output codes.</param>
    /// <returns>Shape of the output.</returns>
    /// <exception cref="ArgumentException">A span is shorter than its shape, the output overlaps another, or the shape does not fit the layer.</exception>
    public static Shape4 CheckRun(ConvolutionSpec spec, ReadOnlySpan<byte> input, ReadOnlySpan<byte> second, int batch, int height, int width, Span<byte> output)
    {
        Shape4 result = CheckRun(spec, input, batch, height, width, output);
        RunArguments.CheckSecond(result, second, output);
        return result;
    }

    /// <summary>Throws when a layer that adds a second input is run without.</summary>
    /// <param name="spec">The layer.</param>
    /// <exception cref="InvalidOperationException">Its epilogue has an addition.</exception>
    internal static void CheckNoSecond(ConvolutionSpec spec)
    {
        if (spec.Epilogue.HasAdd)
        {
            throw NoSecond(spec);
        }
    }

    /// <summary>What a layer throws that adds a second input and is run without.</summary>
    /// <param name="spec">The layer.</param>
    /// <returns>The exception.</returns>
    public static InvalidOperationException NoSecond(ConvolutionSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new InvalidOperationException($"The layer ends with {spec.Epilogue}: run it with the input that it adds, through {nameof(IResidualLayer)}.");
    }
}
