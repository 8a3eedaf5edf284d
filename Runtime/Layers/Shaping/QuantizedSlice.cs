using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>The int8 form of <see cref="FloatSlice"/>: codes keep their scale and zero point.</summary>
public sealed class QuantizedSlice : QuantizedLayer
{
    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="spec">Which part.</param>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedSlice(SliceSpec spec, QuantizationParameters quantization)
        : base(quantization, quantization)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
    }

    /// <summary>Which part.</summary>
    public SliceSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) => Spec.Run(input, from, output, to);
}
