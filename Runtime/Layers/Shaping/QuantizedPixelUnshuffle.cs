using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>The int8 form of <see cref="FloatPixelUnshuffle"/>: codes keep their scale and zero point.</summary>
public sealed class QuantizedPixelUnshuffle : QuantizedLayer
{
    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="spec">Factor and order.</param>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedPixelUnshuffle(PixelShuffleSpec spec, QuantizationParameters quantization)
        : base(quantization, quantization)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
    }

    /// <summary>Factor and order.</summary>
    public PixelShuffleSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.SmallShape(input);

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) => Spec.Reduce(input, from, output, to);
}
