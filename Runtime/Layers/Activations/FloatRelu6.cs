using System.Numerics;

namespace Kernels.Layers;

/// <summary>ReLU6: <c>min(max(x, 0), 6)</c>.</summary>
public sealed class FloatRelu6() : FloatElementwise(ElementwiseKernel.Of(default(Function)))
{
    private readonly struct Function : IElementwiseFunction
    {
        public Vector<float> Of(Vector<float> x) => Vector.Min(Vector.Max(x, Vector<float>.Zero), FloatFunctions.All(6f));

        public Vector<float> Derivative(Vector<float> x, Vector<float> y) =>
            FloatFunctions.OneWhere(Vector.GreaterThan(x, Vector<float>.Zero) & Vector.LessThan(x, FloatFunctions.All(6f)), Vector<float>.Zero);
    }
}
