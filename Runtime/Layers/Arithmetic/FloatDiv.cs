using System;
using System.Numerics;

namespace Kernels.Layers;

/// <summary>Quotient of two inputs.</summary>
/// <param name="relu">Whether negative quotients become 0.</param>
public sealed class FloatDiv(bool relu = false) : FloatBinaryLayer(relu)
{
    private protected override void Compute(ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> output) => Map(default(Function), first, second, output);

    private protected override void ComputeGradients(
        ReadOnlySpan<float> first, ReadOnlySpan<float> second, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> firstGradient, Span<float> secondGradient) =>
        MapGradients(default(Function), first, second, output, outputGradient, firstGradient, secondGradient);

    private readonly struct Function : IFunction
    {
        public Vector<float> Of(Vector<float> first, Vector<float> second) => first / second;

        public (Vector<float> First, Vector<float> Second) Gradients(Vector<float> first, Vector<float> second, Vector<float> gradient) => (gradient / second, -gradient * first / (second * second));
    }
}
