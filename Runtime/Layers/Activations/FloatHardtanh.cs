using System.Numerics;

namespace Kernels.Layers;

/// <summary>Clip, PyTorch's Hardtanh: <c>min(max(x, minVal), maxVal)</c>.</summary>
/// <param name="minVal">Least result; PyTorch's default is -1.</param>
/// <param name="maxVal">Greatest result, above the least; PyTorch's default is 1.</param>
public sealed class FloatHardtanh(float minVal = -1f, float maxVal = 1f) : FloatElementwise(ElementwiseKernel.Of(new Function(minVal, maxVal)))
{
    /// <summary>Least result.</summary>
    public float MinVal => minVal;

    /// <summary>Greatest result.</summary>
    public float MaxVal => maxVal;

    private readonly struct Function(float minVal, float maxVal) : IElementwiseFunction
    {
        public Vector<float> Of(Vector<float> x) => Vector.Min(Vector.Max(x, FloatFunctions.All(minVal)), FloatFunctions.All(maxVal));

        public Vector<float> Derivative(Vector<float> x, Vector<float> y) =>
            FloatFunctions.OneWhere(Vector.GreaterThan(x, FloatFunctions.All(minVal)) & Vector.LessThan(x, FloatFunctions.All(maxVal)), Vector<float>.Zero);
    }
}
