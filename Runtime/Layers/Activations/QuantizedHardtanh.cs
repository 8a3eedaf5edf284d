using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>Clip on int8 activations: codes are clamped to those of the bounds, as <c>torch.ao.nn.quantized.functional.hardtanh</c>.</summary>
public sealed class QuantizedHardtanh : QuantizedLayer
{
    private readonly byte _lower;
    private readonly byte _upper;

    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <param name="minVal">Least result.</param>
    /// <param name="maxVal">Greatest result, at least the least.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    /// <exception cref="ArgumentException">The bounds are NaN or in the wrong order.</exception>
    public QuantizedHardtanh(QuantizationParameters quantization, float minVal = -1f, float maxVal = 1f)
        : base(quantization, quantization)
    {
        if (!(minVal <= maxVal))
        {
            throw new ArgumentException($"The least result must not be above the greatest, but they are {minVal} and {maxVal}.", nameof(minVal));
        }

        float inverse = 1f / quantization.Scale;
        _lower = (byte)Quantizer.QuantizeScalar(minVal, inverse, quantization.ZeroPoint, byte.MinValue, byte.MaxValue);
        _upper = (byte)Quantizer.QuantizeScalar(maxVal, inverse, quantization.ZeroPoint, byte.MinValue, byte.MaxValue);
    }

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) =>
        CodeClamp.Apply(input, _lower, _upper, output);
}
