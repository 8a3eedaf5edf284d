using System;
using Kernels.Execution;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>Max pooling of int8 activations: PyTorch's <c>max_pool2d</c> on a quantized tensor. Padding never wins.</summary>
public sealed class QuantizedMaxPool2d : QuantizedLayer
{
    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="spec">The window.</param>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <exception cref="ArgumentException">A parameter of the window is out of range.</exception>
    public QuantizedMaxPool2d(PoolingSpec spec, QuantizationParameters quantization)
        : base(quantization, quantization)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec.Checked(allowDilation: true);
    }

    /// <summary>The window.</summary>
    public PoolingSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to)
    {
        if (CodeMaxPooling.Takes(Spec, from))
        {
            CodeMaxPooling.Run(Spec, input, from, output, to);
        }
        else
        {
            MaxPooling.Run(Spec, input, from, output, to);
        }
    }
}
