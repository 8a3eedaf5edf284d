using System.Numerics;

namespace Kernels.Layers;

/// <summary>ReLU: <c>max(x, 0)</c>.</summary>
public sealed class FloatRelu() : FloatElementwise(ElementwiseKernel.Of(default(Function)))
{
    private readonly struct Function : IElementwiseFunction
    {
        public Vector<float> Of(Vector<float> x) => Vector.Max(x, Vector<float>.Zero);

        public Vector<float> Derivative(Vector<float> x, Vector<float> y) => FloatFunctions.OneWhere(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.Zero);
    }
}
