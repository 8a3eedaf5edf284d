using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>The int8 form of <see cref="FloatReshape"/>: codes keep their scale and zero point.</summary>
public sealed class QuantizedReshape : QuantizedLayer
{
    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="spec">Shape of an image of the output.</param>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedReshape(ReshapeSpec spec, QuantizationParameters quantization)
        : base(quantization, quantization)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
    }

    /// <summary>Shape of an image of the output.</summary>
    public ReshapeSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) => Spec.Run(input, from, output, to);
}
