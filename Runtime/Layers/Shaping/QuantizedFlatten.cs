using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// Every image as one row of features, in PyTorch's order c, h, w: what <c>torch.flatten(x, 1)</c> puts before a Linear.
/// </summary>
public sealed class QuantizedFlatten : QuantizedLayer
{
    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedFlatten(QuantizationParameters quantization)
        : base(quantization, quantization)
    {
    }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => FloatFlatten.Flat(input);

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) => ChannelsLast.ToNchw(from, input, output);
}
