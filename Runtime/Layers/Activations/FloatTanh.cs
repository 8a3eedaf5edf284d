using System.Numerics;

namespace Kernels.Layers;

/// <summary>Hyperbolic tangent.</summary>
public sealed class FloatTanh() : FloatElementwise(ElementwiseKernel.Of(default(Function)))
{
    private readonly struct Function : IElementwiseFunction
    {
        public static int Work => 32;

        public Vector<float> Of(Vector<float> x) => FloatFunctions.Tanh(x);

        public Vector<float> Derivative(Vector<float> x, Vector<float> y) => Vector<float>.One - y * y;
    }
}
