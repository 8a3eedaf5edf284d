using System;
using Kernels.Execution;
using Kernels.Generic;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// Average pooling of int8 activations: PyTorch's <c>avg_pool2d</c> on a quantized tensor. Sums are exact; the mean is rounded half to even
/// before the zero point is added. PyTorch's own rounding of exact halves depends on the memory format and may differ by one step.
/// </summary>
public sealed class QuantizedAvgPool2d : QuantizedMeanLayer
{
    private readonly SlidingWindows _windows;

    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="spec">The window.</param>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    /// <exception cref="ArgumentException">A parameter of the window is out of range.</exception>
    public QuantizedAvgPool2d(PoolingSpec spec, QuantizationParameters quantization)
        : this(spec, quantization, quantization, null)
    {
    }

    /// <summary>Makes the layer with functions behind it, computed in float32 before the one rounding.</summary>
    /// <param name="spec">The window.</param>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="epilogue">The functions; null for none. They read no further input.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    /// <exception cref="ArgumentException">A parameter is out of range, or the functions read a further input.</exception>
    public QuantizedAvgPool2d(PoolingSpec spec, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue)
        : this(spec, input, output, epilogue, null)
    {
    }

    /// <summary>The same on vectors of a given width.</summary>
    internal QuantizedAvgPool2d(PoolingSpec spec, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue, LaneTier? tier)
        : base(input, output, epilogue, tier)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec.Checked(allowDilation: false);
        _windows = new SlidingWindows(Spec);
    }

    /// <summary>The window.</summary>
    public PoolingSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Pool(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to)
    {
        if (CodeMeanPooling.Takes(Spec))
        {
            CodeMeanPooling.Run(Constants, Spec, _windows, input, from, output, to);
        }
        else
        {
            AveragePooling.Run(_windows, Constants, input, from, output, to);
        }
    }
}
