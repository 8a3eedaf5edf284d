using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>Pads int8 activations: PyTorch's <c>F.pad</c> on a quantized tensor, whose zeros are zero points.</summary>
public sealed class QuantizedPad : QuantizedLayer
{
    private readonly byte _fill;

    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="spec">What to add.</param>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedPad(PadSpec spec, QuantizationParameters quantization)
        : base(quantization, quantization)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
        _fill = (byte)Quantizer.QuantizeScalar(spec.Value, 1f / quantization.Scale, quantization.ZeroPoint, byte.MinValue, byte.MaxValue);
    }

    /// <summary>What to add.</summary>
    public PadSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) =>
        Spec.Run(input, from, output, to, _fill);
}
