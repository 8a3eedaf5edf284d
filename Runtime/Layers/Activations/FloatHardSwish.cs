using System;
using System.Numerics;

namespace Kernels.Layers;

/// <summary>Hardswish: <c>x * min(max(x + 3, 0), 6) / 6</c>.</summary>
public sealed class FloatHardSwish : FloatElementwise
{
    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) => Map(default(Function), input, output);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        MapGradient(default(Function), input, output, outputGradient, inputGradient);

    private readonly struct Function : IFunction
    {
        public Vector<float> Of(Vector<float> x) =>
            x * Vector.Min(Vector.Max(x + new Vector<float>(3f), Vector<float>.Zero), new Vector<float>(6f)) / new Vector<float>(6f);

        public Vector<float> Derivative(Vector<float> x, Vector<float> y)
        {
            Vector<float> between = x / new Vector<float>(3f) + new Vector<float>(0.5f);
            Vector<float> belowUpper = OneWhere(Vector.GreaterThanOrEqual(x, new Vector<float>(3f)), between);
            return Vector.ConditionalSelect(Vector.LessThan(x, new Vector<float>(-3f)), Vector<float>.Zero, belowUpper);
        }
    }
}
