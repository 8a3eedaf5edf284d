using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// Average pooling of int8 activations: PyTorch's <c>avg_pool2d</c> on a quantized tensor. Sums are exact; the mean is rounded half to even
/// before the zero point is added. PyTorch's own rounding of exact halves depends on the memory format and may differ by one step.
/// </summary>
public sealed class QuantizedAvgPool2d : QuantizedLayer
{
    private readonly SlidingWindows _windows;

    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="spec">The window.</param>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <exception cref="ArgumentException">A parameter of the window is out of range.</exception>
    public QuantizedAvgPool2d(PoolingSpec spec, QuantizationParameters quantization)
        : base(quantization, quantization)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec.Checked(allowDilation: false);
        _windows = new SlidingWindows(Spec);
    }

    /// <summary>The window.</summary>
    public PoolingSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) =>
        AveragePooling.Run(_windows, input, from, InputQuantization, output, to, OutputQuantization);
}
