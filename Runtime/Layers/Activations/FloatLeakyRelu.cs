using System.Numerics;

namespace Kernels.Layers;

/// <summary>LeakyReLU: <c>x &gt; 0 ? x : x * negativeSlope</c>.</summary>
/// <param name="negativeSlope">Factor for values below zero, finite; PyTorch's default is 0.01. Another number is an <see cref="System.ArgumentException"/>.</param>
public sealed class FloatLeakyRelu(float negativeSlope = 0.01f)
    : FloatElementwise(ElementwiseKernel.Of(new Function(SpecNumber.CheckFinite(negativeSlope, nameof(negativeSlope)))))
{
    /// <summary>Factor for values below zero.</summary>
    public float NegativeSlope => negativeSlope;

    private readonly struct Function(float negativeSlope) : IElementwiseFunction
    {
        public Vector<float> Of(Vector<float> x) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), x, x * negativeSlope);

        public Vector<float> Derivative(Vector<float> x, Vector<float> y) => FloatFunctions.OneWhere(Vector.GreaterThan(x, Vector<float>.Zero), FloatFunctions.All(negativeSlope));
    }
}
