using System;
using System.Numerics;

namespace Kernels.Layers;

/// <summary>LeakyReLU: <c>x &gt; 0 ? x : x * negativeSlope</c>.</summary>
/// <param name="negativeSlope">Factor for values below zero, finite; PyTorch's default is 0.01. Another number is an <see cref="System.ArgumentException"/>.</param>
public sealed class FloatLeakyRelu(float negativeSlope = 0.01f) : FloatElementwise
{
    private readonly float _negativeSlope = SpecNumber.CheckFinite(negativeSlope, nameof(negativeSlope));

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) => Map(new Function(_negativeSlope), input, output);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        MapGradient(new Function(_negativeSlope), input, output, outputGradient, inputGradient);

    /// <summary>Factor for values below zero.</summary>
    public float NegativeSlope => _negativeSlope;

    private readonly struct Function(float negativeSlope) : IFunction
    {
        public Vector<float> Of(Vector<float> x) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), x, x * negativeSlope);

        public Vector<float> Derivative(Vector<float> x, Vector<float> y) => OneWhere(Vector.GreaterThan(x, Vector<float>.Zero), new Vector<float>(negativeSlope));
    }
}
