using System;
using System.Numerics;

namespace Kernels.Layers;

/// <summary>Sigmoid: <c>1 / (1 + exp(-x))</c>.</summary>
public sealed class FloatSigmoid : FloatElementwise
{
    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) => Map(default(Function), input, output);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        MapGradient(default(Function), input, output, outputGradient, inputGradient);

    private readonly struct Function : IFunction
    {
        public Vector<float> Of(Vector<float> x) => Vector<float>.One / (Vector<float>.One + Vector.Exp(-x));

        public Vector<float> Derivative(Vector<float> x, Vector<float> y) => y * (Vector<float>.One - y);
    }
}
