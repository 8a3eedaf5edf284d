using System;
using System.Numerics;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// Sum of two int8 inputs with scales of their own: PyTorch's <c>quantized.add</c> and <c>add_relu</c>. Both are dequantized, added in float32
/// and quantized.
/// </summary>
/// <param name="first">Scale and zero point of the first input.</param>
/// <param name="second">Scale and zero point of the second input.</param>
/// <param name="output">Scale and zero point of the output.</param>
/// <param name="relu">Whether negative sums become 0.</param>
public sealed class QuantizedAdd(QuantizationParameters first, QuantizationParameters second, QuantizationParameters output, bool relu = false)
    : QuantizedBinaryLayer(first, second, output)
{
    // Small enough that both buffers stay in the first cache.
    private const int Block = 1024;

    private protected override void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> output)
    {
        Span<float> x = stackalloc float[Block];
        Span<float> y = stackalloc float[Block];
        for (int i = 0; i < output.Length; i += Block)
        {
            int count = Math.Min(Block, output.Length - i);
            Quantizer.Dequantize(first.Slice(i, count), FirstQuantization, x);
            Quantizer.Dequantize(second.Slice(i, count), SecondQuantization, y);

            // Whole vectors: what lies behind the last element is never stored.
            for (int k = 0; k < count; k += Vector<float>.Count)
            {
                Vector<float> sum = new Vector<float>(x[k..]) + new Vector<float>(y[k..]);
                (relu ? Vector.Max(sum, Vector<float>.Zero) : sum).CopyTo(x[k..]);
            }

            Quantizer.Quantize(x[..count], OutputQuantization, output.Slice(i, count));
        }
    }
}
