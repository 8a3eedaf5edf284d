using System;
using Kernels.Generic;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>The mean of each channel of int8 activations: PyTorch's <c>adaptive_avg_pool2d(x, 1)</c> on a quantized tensor, with the rounding of <see cref="QuantizedAvgPool2d"/>.</summary>
public sealed class QuantizedGlobalAvgPool2d : QuantizedMeanLayer
{
    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedGlobalAvgPool2d(QuantizationParameters quantization)
        : this(quantization, quantization, null)
    {
    }

    /// <summary>Makes the layer with functions behind it, computed in float32 before the one rounding.</summary>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="epilogue">The functions; null for none. They read no further input.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    /// <exception cref="ArgumentException">A parameter is out of range, or the functions read a further input.</exception>
    public QuantizedGlobalAvgPool2d(QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue)
        : this(input, output, epilogue, null)
    {
    }

    /// <summary>The same on vectors of a given width.</summary>
    internal QuantizedGlobalAvgPool2d(QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue, LaneTier? tier)
        : base(input, output, epilogue, tier)
    {
    }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => input.Checked(nameof(input)) with { H = 1, W = 1 };

    private protected override void Pool(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) => PoolToSize(input, from, output, to);
}
