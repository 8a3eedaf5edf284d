using System;
using System.Numerics;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// Product of two int8 inputs with scales of their own: PyTorch's <c>quantized.mul</c> and <c>mul_relu</c>. The product of the codes less their
/// zero points is exact; it is multiplied by the float32 <c>sa * sb * (1 / so)</c> and rounded half to even.
/// </summary>
/// <param name="first">Scale and zero point of the first input.</param>
/// <param name="second">Scale and zero point of the second input.</param>
/// <param name="output">Scale and zero point of the output.</param>
/// <param name="relu">Whether negative products become 0.</param>
public sealed class QuantizedMul(QuantizationParameters first, QuantizationParameters second, QuantizationParameters output, bool relu = false)
    : QuantizedBinaryLayer(first, second, output)
{
    private const int Block = 1024;

    private protected override void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> output)
    {
        // With scale 1, dequantizing only takes the zero point off and quantizing only rounds.
        var a = new QuantizationParameters(1f, FirstQuantization.ZeroPoint);
        var b = new QuantizationParameters(1f, SecondQuantization.ZeroPoint);
        var steps = new QuantizationParameters(1f, OutputQuantization.ZeroPoint);
        float multiplier = FirstQuantization.Scale * SecondQuantization.Scale * (1f / OutputQuantization.Scale);
        Span<float> x = stackalloc float[Block];
        Span<float> y = stackalloc float[Block];
        for (int i = 0; i < output.Length; i += Block)
        {
            int count = Math.Min(Block, output.Length - i);
            Quantizer.Dequantize(first.Slice(i, count), a, x);
            Quantizer.Dequantize(second.Slice(i, count), b, y);

            // Whole vectors: what lies behind the last element is never stored.
            for (int k = 0; k < count; k += Vector<float>.Count)
            {
                Vector<float> product = new Vector<float>(x[k..]) * new Vector<float>(y[k..]) * multiplier;
                (relu ? Vector.Max(product, Vector<float>.Zero) : product).CopyTo(x[k..]);
            }

            Quantizer.Quantize(x[..count], steps, output.Slice(i, count));
        }
    }
}
