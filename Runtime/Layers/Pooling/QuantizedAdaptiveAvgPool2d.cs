using System;
using Kernels.Generic;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// Adaptive average pooling of int8 activations: PyTorch's <c>adaptive_avg_pool2d</c> on a quantized tensor, with the rounding of
/// <see cref="QuantizedAvgPool2d"/>.
/// </summary>
public sealed class QuantizedAdaptiveAvgPool2d : QuantizedMeanLayer
{
    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="spec">Size of the output.</param>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    /// <exception cref="ArgumentException">A size is below 1.</exception>
    public QuantizedAdaptiveAvgPool2d(AdaptivePoolingSpec spec, QuantizationParameters quantization)
        : this(spec, quantization, quantization, null)
    {
    }

    /// <summary>Makes the layer with functions behind it, computed in float32 before the one rounding.</summary>
    /// <param name="spec">Size of the output.</param>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="epilogue">The functions; null for none. They read no further input.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    /// <exception cref="ArgumentException">A parameter is out of range, or the functions read a further input.</exception>
    public QuantizedAdaptiveAvgPool2d(AdaptivePoolingSpec spec, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue)
        : this(spec, input, output, epilogue, null)
    {
    }

    /// <summary>The same on vectors of a given width.</summary>
    internal QuantizedAdaptiveAvgPool2d(AdaptivePoolingSpec spec, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue, LaneTier? tier)
        : base(input, output, epilogue, tier)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec.Checked();
    }

    /// <summary>Size of the output.</summary>
    public AdaptivePoolingSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Pool(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) => PoolToSize(input, from, output, to);
}
