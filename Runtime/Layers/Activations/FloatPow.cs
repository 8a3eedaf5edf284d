using System;
using System.Numerics;

namespace Kernels.Layers;

/// <summary>A power with a constant exponent: PyTorch's <c>torch.pow(x, exponent)</c>; of 0.5 it is the square root.</summary>
/// <param name="exponent">The exponent, finite.</param>
public sealed class FloatPow(float exponent) : FloatElementwise(ElementwiseKernel.Of(new Function(exponent)))
{
    /// <summary>The exponent.</summary>
    public float Exponent => exponent;

    private readonly struct Function(float exponent) : IElementwiseFunction
    {
        public static int Work => 64;

        public Vector<float> Of(Vector<float> x) => exponent == 0.5f ? Vector.SquareRoot(x) : Power(x, exponent);

        public Vector<float> Derivative(Vector<float> x, Vector<float> y) => FloatFunctions.All(exponent) * Power(x, exponent - 1);

        // There is no vector form of it.
        private static Vector<float> Power(Vector<float> x, float exponent)
        {
            Span<float> values = stackalloc float[Vector<float>.Count];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = MathF.Pow(x[i], exponent);
            }

            return new Vector<float>(values);
        }
    }
}
