using System.Numerics;

namespace Kernels.Layers;

/// <summary>Hardsigmoid: <c>min(max(x + 3, 0), 6) / 6</c>.</summary>
public sealed class FloatHardSigmoid() : FloatElementwise(ElementwiseKernel.Of(default(Function)))
{
    private readonly struct Function : IElementwiseFunction
    {
        public Vector<float> Of(Vector<float> x) =>
            Vector.Min(Vector.Max(x + FloatFunctions.All(3f), Vector<float>.Zero), FloatFunctions.All(6f)) / FloatFunctions.All(6f);

        public Vector<float> Derivative(Vector<float> x, Vector<float> y)
        {
            Vector<int> isBetween = Vector.GreaterThan(x, FloatFunctions.All(-3f)) & Vector.LessThan(x, FloatFunctions.All(3f));
            return Vector.ConditionalSelect(isBetween, FloatFunctions.All(1f / 6f), Vector<float>.Zero);
        }
    }
}
