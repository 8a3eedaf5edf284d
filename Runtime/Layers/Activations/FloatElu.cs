using System.Numerics;

namespace Kernels.Layers;

/// <summary>ELU: <c>x &gt; 0 ? x : alpha * (exp(x) - 1)</c>.</summary>
/// <param name="alpha">Minus the limit far below zero, finite; PyTorch's default is 1. Another number is an <see cref="System.ArgumentException"/>.</param>
public sealed class FloatElu(float alpha = 1f) : FloatElementwise(ElementwiseKernel.Of(new Function(SpecNumber.CheckFinite(alpha, nameof(alpha)))))
{
    /// <summary>Minus the limit far below zero.</summary>
    public float Alpha => alpha;

    private readonly struct Function(float alpha) : IElementwiseFunction
    {
        public static int Work => 32;

        public Vector<float> Of(Vector<float> x) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), x, alpha * FloatFunctions.Expm1(Vector.Min(x, Vector<float>.Zero)));

        public Vector<float> Derivative(Vector<float> x, Vector<float> y) => FloatFunctions.OneWhere(Vector.GreaterThan(x, Vector<float>.Zero), alpha * Vector.Exp(Vector.Min(x, Vector<float>.Zero)));
    }
}
