using System;

namespace Kernels.Layers;

/// <summary>Hyperbolic tangent.</summary>
public sealed class FloatTanh : FloatLayer
{
    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to)
    {
        for (int i = 0; i < input.Length; i++)
        {
            output[i] = MathF.Tanh(input[i]);
        }
    }
}
