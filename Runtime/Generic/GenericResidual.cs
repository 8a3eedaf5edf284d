using System;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Generic;

/// <summary>A generic layer whose epilogue adds a second input.</summary>
internal sealed class GenericResidual(IAddsSecond layer, QuantizationParameters second) : IResidualLayer
{
    /// <inheritdoc/>
    public QuantizationParameters InputQuantization => layer.InputQuantization;

    /// <inheritdoc/>
    public QuantizationParameters SecondQuantization => second;

    /// <inheritdoc/>
    public QuantizationParameters OutputQuantization => layer.OutputQuantization;

    /// <summary>The layer, with or without the wrapping that its epilogue asks for.</summary>
    public static IQuantizedLayer Of(IAddsSecond layer, EpilogueParameters? epilogue) =>
        epilogue?.Second is { } second ? new GenericResidual(layer, second) : layer;

    /// <inheritdoc/>
    public Shape4 OutputShape(Shape4 input) => layer.OutputShape(input);

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<byte> input, int batch, int height, int width, Span<byte> output) => layer.Run(input, batch, height, width, output);

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<byte> input, ReadOnlySpan<byte> second, int batch, int height, int width, Span<byte> output) =>
        layer.Run(input, second, batch, height, width, output);
}
