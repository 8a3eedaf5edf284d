using System.Numerics;

namespace Kernels.Layers;

/// <summary>Softplus: <c>log(1 + exp(beta * x)) / beta</c>, and x itself where <c>beta * x</c> is above a threshold.</summary>
/// <param name="beta">Steepness, finite and not 0; PyTorch's default is 1. Another number is an <see cref="System.ArgumentException"/>.</param>
/// <param name="threshold">Where the function counts as x; PyTorch's default is 20.</param>
public sealed class FloatSoftplus(float beta = 1f, float threshold = 20f) : FloatElementwise(ElementwiseKernel.Of(new Function(Checked(beta), threshold)))
{
    /// <summary>Steepness.</summary>
    public float Beta => beta;

    /// <summary>Where the function counts as x.</summary>
    public float Threshold => threshold;

    private static float Checked(float beta) => float.IsFinite(beta) && beta != 0
        ? beta
        : throw new System.ArgumentException($"The steepness of a softplus must be finite and not 0, but is {beta}.", nameof(beta));

    private readonly struct Function(float beta, float threshold) : IElementwiseFunction
    {
        public static int Work => 32;

        public Vector<float> Of(Vector<float> x) => Vector.ConditionalSelect(Vector.GreaterThan(x * beta, FloatFunctions.All(threshold)), x, FloatFunctions.Softplus(x * beta) / FloatFunctions.All(beta));

        public Vector<float> Derivative(Vector<float> x, Vector<float> y) => FloatFunctions.OneWhere(Vector.GreaterThan(x * beta, FloatFunctions.All(threshold)), FloatFunctions.Sigmoid(x * beta));
    }
}
