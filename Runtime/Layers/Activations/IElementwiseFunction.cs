using System.Numerics;

namespace Kernels.Layers;

/// <summary>A float32 function of one value, for a whole vector.</summary>
internal interface IElementwiseFunction
{
    /// <summary>Multiply-accumulates that an element costs as much as, for the choice of threads.</summary>
    static virtual int Work => 4;

    /// <summary>The function's results.</summary>
    Vector<float> Of(Vector<float> x);

    /// <summary>The derivative at <paramref name="x"/>, where the result was <paramref name="y"/>; at a bend, the one that PyTorch takes.</summary>
    Vector<float> Derivative(Vector<float> x, Vector<float> y);
}
