using System;
using System.Numerics;

namespace Kernels.Layers;

/// <summary>ReLU: <c>max(x, 0)</c>.</summary>
public sealed class FloatRelu : FloatElementwise
{
    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) => Map(default(Function), input, output);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        MapGradient(default(Function), input, output, outputGradient, inputGradient);

    private readonly struct Function : IFunction
    {
        public Vector<float> Of(Vector<float> x) => Vector.Max(x, Vector<float>.Zero);

        public Vector<float> Derivative(Vector<float> x, Vector<float> y) => OneWhere(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.Zero);
    }
}
