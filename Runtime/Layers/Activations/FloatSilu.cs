using System.Numerics;

namespace Kernels.Layers;

/// <summary>SiLU (Swish): <c>x / (1 + exp(-x))</c>.</summary>
public sealed class FloatSilu() : FloatElementwise(ElementwiseKernel.Of(default(Function)))
{
    private readonly struct Function : IElementwiseFunction
    {
        public static int Work => 16;

        public Vector<float> Of(Vector<float> x) => x * FloatFunctions.Sigmoid(x);

        public Vector<float> Derivative(Vector<float> x, Vector<float> y)
        {
            Vector<float> sigmoid = FloatFunctions.Sigmoid(x);
            return sigmoid * (Vector<float>.One + x * (Vector<float>.One - sigmoid));
        }
    }
}
