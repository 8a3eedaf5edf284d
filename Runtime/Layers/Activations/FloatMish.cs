using System.Numerics;

namespace Kernels.Layers;

/// <summary>Mish: <c>x * tanh(log(1 + exp(x)))</c>.</summary>
public sealed class FloatMish() : FloatElementwise(ElementwiseKernel.Of(default(Function)))
{
    private readonly struct Function : IElementwiseFunction
    {
        public static int Work => 64;

        public Vector<float> Of(Vector<float> x) => x * FloatFunctions.Tanh(FloatFunctions.Softplus(x));

        public Vector<float> Derivative(Vector<float> x, Vector<float> y)
        {
            Vector<float> tanh = FloatFunctions.Tanh(FloatFunctions.Softplus(x));
            return tanh + x * FloatFunctions.Sigmoid(x) * (Vector<float>.One - tanh * tanh);
        }
    }
}
