using System;
using System.Numerics;

namespace Kernels.Layers;

/// <summary>Sigmoid: <c>1 / (1 + exp(-x))</c>.</summary>
public sealed class FloatSigmoid : FloatElementwise
{
    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) => Map(default(Function), input, output);

    private readonly struct Function : IFunction
    {
        public Vector<float> Of(Vector<float> x) => Vector<float>.One / (Vector<float>.One + Vector.Exp(-x));
    }
}
