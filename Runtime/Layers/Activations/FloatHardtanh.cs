using System.Numerics;

namespace Kernels.Layers;

/// <summary>Clip, PyTorch's Hardtanh: <c>min(max(x, minVal), maxVal)</c>.</summary>
/// <param name="minVal">Least result; PyTorch's default is -1.</param>
/// <param name="maxVal">Greatest result, not below the least, or an <see cref="System.ArgumentException"/>; PyTorch's default is 1.</param>
public sealed class FloatHardtanh(float minVal = -1f, float maxVal = 1f) : FloatElementwise(ElementwiseKernel.Of(new Function(minVal, Checked(minVal, maxVal))))
{
    /// <summary>Least result.</summary>
    public float MinVal => minVal;

    /// <summary>Greatest result.</summary>
    public float MaxVal => maxVal;

    private static float Checked(float minVal, float maxVal) => minVal <= maxVal
        ? maxVal
        : throw new System.ArgumentException($"The least result must not be above the greatest, but they are {minVal} and {maxVal}.", nameof(minVal));

    private readonly struct Function(float minVal, float maxVal) : IElementwiseFunction
    {
        public Vector<float> Of(Vector<float> x) => Vector.Min(Vector.Max(x, FloatFunctions.All(minVal)), FloatFunctions.All(maxVal));

        public Vector<float> Derivative(Vector<float> x, Vector<float> y) =>
            FloatFunctions.OneWhere(Vector.GreaterThan(x, FloatFunctions.All(minVal)) & Vector.LessThan(x, FloatFunctions.All(maxVal)), Vector<float>.Zero);
    }
}
