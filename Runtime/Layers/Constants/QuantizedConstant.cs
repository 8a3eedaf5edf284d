using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>The int8 form of <see cref="FloatConstant"/>: its codes, quantized once.</summary>
public sealed class QuantizedConstant : QuantizedLayer
{
    private readonly byte[] _codes;
    private readonly Shape4 _shape;

    /// <summary>Makes the layer.</summary>
    /// <param name="value">The tensor.</param>
    /// <param name="input">Scale and zero point of the input, which is not read.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedConstant(FloatTensor value, QuantizationParameters input, QuantizationParameters output)
        : base(input, output)
    {
        ArgumentNullException.ThrowIfNull(value);
        _shape = value.Shape;
        _codes = new byte[value.Data.Length];
        Quantizer.Quantize(value.Data, output, _codes);
    }

    /// <inheritdoc/>
    /// <remarks>The tensor's shape, whatever the input's is.</remarks>
    public override Shape4 OutputShape(Shape4 input) => _shape;

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) => _codes.CopyTo(output);
}
