using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>The int8 form of <see cref="FloatPermute"/>: codes keep their scale and zero point.</summary>
public sealed class QuantizedPermute : QuantizedLayer
{
    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="spec">The order.</param>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <exception cref="ArgumentException">The order does not name each axis once, or the parameters are not quint8's.</exception>
    public QuantizedPermute(PermuteSpec spec, QuantizationParameters quantization)
        : base(quantization, quantization)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec.Checked();
    }

    /// <summary>The order.</summary>
    public PermuteSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) => Spec.Run(input, from, output, to);
}
