using System;
using System.Numerics;

namespace Kernels.Layers;

/// <summary>Sum of two inputs, the float twin of <see cref="QuantizedAdd"/>.</summary>
/// <param name="relu">Whether negative sums become 0.</param>
public sealed class FloatAdd(bool relu = false) : FloatBinaryLayer
{
    private protected override void Compute(ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> output)
    {
        int i = 0;
        for (; i <= output.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> result = new Vector<float>(first[i..]) + new Vector<float>(second[i..]);
            (relu ? Vector.Max(result, Vector<float>.Zero) : result).CopyTo(output[i..]);
        }

        for (; i < output.Length; i++)
        {
            float result = first[i] + second[i];
            output[i] = relu ? MathF.Max(result, 0f) : result;
        }
    }
}
