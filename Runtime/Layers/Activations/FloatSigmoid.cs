using System.Numerics;

namespace Kernels.Layers;

/// <summary>Sigmoid: <c>1 / (1 + exp(-x))</c>.</summary>
public sealed class FloatSigmoid() : FloatElementwise(ElementwiseKernel.Of(default(Function)))
{
    private readonly struct Function : IElementwiseFunction
    {
        public static int Work => 16;

        public Vector<float> Of(Vector<float> x) => FloatFunctions.Sigmoid(x);

        public Vector<float> Derivative(Vector<float> x, Vector<float> y) => y * (Vector<float>.One - y);
    }
}
