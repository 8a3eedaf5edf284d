using System.Numerics;

namespace Kernels.Layers;

/// <summary>Hardswish: <c>x * min(max(x + 3, 0), 6) / 6</c>.</summary>
public sealed class FloatHardSwish() : FloatElementwise(ElementwiseKernel.Of(default(Function)))
{
    private readonly struct Function : IElementwiseFunction
    {
        public Vector<float> Of(Vector<float> x) =>
            x * Vector.Min(Vector.Max(x + FloatFunctions.All(3f), Vector<float>.Zero), FloatFunctions.All(6f)) / FloatFunctions.All(6f);

        public Vector<float> Derivative(Vector<float> x, Vector<float> y)
        {
            Vector<float> between = x / FloatFunctions.All(3f) + FloatFunctions.All(0.5f);
            Vector<float> belowUpper = FloatFunctions.OneWhere(Vector.GreaterThanOrEqual(x, FloatFunctions.All(3f)), between);
            return Vector.ConditionalSelect(Vector.LessThan(x, FloatFunctions.All(-3f)), Vector<float>.Zero, belowUpper);
        }
    }
}
