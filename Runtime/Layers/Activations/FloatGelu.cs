using System.Numerics;

namespace Kernels.Layers;

/// <summary>
/// GELU: <c>x * (1 + erf(x / sqrt(2))) / 2</c>, or, approximated, <c>x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x³))) / 2</c>.
/// </summary>
/// <param name="approximate">Which of both; PyTorch's default is the first.</param>
public sealed class FloatGelu(GeluApproximation approximate = GeluApproximation.None)
    : FloatElementwise(approximate == GeluApproximation.None ? ElementwiseKernel.Of(default(Exact)) : ElementwiseKernel.Of(default(Approximate)))
{
    private const float RootOfHalf = 0.70710678f;
    private const float DensityAtZero = 0.39894228f;
    private const float RootOfTwoByPi = 0.79788456f;
    private const float Cubic = 0.044715f;

    /// <summary>How the function is computed.</summary>
    public GeluApproximation Approximation => approximate;

    private readonly struct Exact : IElementwiseFunction
    {
        public static int Work => 16;

        public Vector<float> Of(Vector<float> x) => x * Normal(x);

        public Vector<float> Derivative(Vector<float> x, Vector<float> y) => Normal(x) + x * DensityAtZero * Vector.Exp(x * x * -0.5f);

        private static Vector<float> Normal(Vector<float> x) => FloatFunctions.Erf(x * RootOfHalf) * 0.5f + FloatFunctions.All(0.5f);
    }

    private readonly struct Approximate : IElementwiseFunction
    {
        public static int Work => 16;

        // (1 + tanh(u)) / 2 is sigmoid(2 u).
        public Vector<float> Of(Vector<float> x) => x * FloatFunctions.Sigmoid(Inner(x) * 2f);

        public Vector<float> Derivative(Vector<float> x, Vector<float> y)
        {
            Vector<float> sigmoid = FloatFunctions.Sigmoid(Inner(x) * 2f);
            Vector<float> slope = (Vector<float>.One + x * x * (3f * Cubic)) * (2f * RootOfTwoByPi);
            return sigmoid + x * sigmoid * (Vector<float>.One - sigmoid) * slope;
        }

        private static Vector<float> Inner(Vector<float> x) => (x + x * x * x * Cubic) * RootOfTwoByPi;
    }
}
