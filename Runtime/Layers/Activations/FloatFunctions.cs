using System.Numerics;
using System.Runtime.CompilerServices;

namespace Kernels.Layers;

/// <summary>Functions of float32 vectors that .NET lacks, within a few units in the last place.</summary>
internal static class FloatFunctions
{
    /// <summary>A vector of one value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> All(float value) => new(value);

    /// <summary>1 where a condition holds, and another value elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> OneWhere(Vector<int> condition, Vector<float> otherwise) => Vector.ConditionalSelect(condition, Vector<float>.One, otherwise);

    /// <summary><c>1 / (1 + exp(-x))</c>.</summary>
    public static Vector<float> Sigmoid(Vector<float> x) => Vector<float>.One / (Vector<float>.One + Vector.Exp(-x));

    /// <summary><c>exp(x) - 1</c>, exact near 0 (Kahan): what rounding does to exp(x) cancels in the quotient.</summary>
    public static Vector<float> Expm1(Vector<float> x)
    {
        Vector<float> exp = Vector.Exp(x);
        Vector<float> less = exp - Vector<float>.One;
        Vector<float> corrected = Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(x), Vector<float>.One), less * x / Vector.Log(exp), less);
        return Vector.ConditionalSelect(Vector.Equals(less, Vector<float>.Zero), x, corrected);
    }

    /// <summary><c>log(1 + x)</c> for x above -1, exact near 0 (Kahan).</summary>
    public static Vector<float> Log1p(Vector<float> x)
    {
        Vector<float> sum = Vector<float>.One + x;
        Vector<float> less = sum - Vector<float>.One;
        return Vector.ConditionalSelect(Vector.Equals(less, Vector<float>.Zero), x, Vector.Log(sum) * x / less);
    }

    /// <summary><c>log(1 + exp(x))</c>.</summary>
    public static Vector<float> Softplus(Vector<float> x) => Vector.Max(x, Vector<float>.Zero) + Log1p(Vector.Exp(-Vector.Abs(x)));

    /// <summary>Hyperbolic tangent: <c>-e / (e + 2)</c> with <c>e = exp(-2|x|) - 1</c>, and the sign of x.</summary>
    public static Vector<float> Tanh(Vector<float> x)
    {
        Vector<float> less = Expm1(All(-2f) * Vector.Abs(x));
        Vector<float> tanh = -less / (less + All(2f));
        return Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), -tanh, tanh);
    }

    /// <summary>Error function: x times a quotient of polynomials of x² (the minimax approximation that Eigen uses), 1 beyond 4.</summary>
    public static Vector<float> Erf(Vector<float> x)
    {
        x = Vector.Min(Vector.Max(x, All(-4f)), All(4f));
        Vector<float> square = x * x;
        Vector<float> above = All(-2.72614225801306e-10f);
        above = above * square + All(2.77068142495902e-08f);
        above = above * square + All(-2.10102402082508e-06f);
        above = above * square + All(-5.69250639462346e-05f);
        above = above * square + All(-7.34990630326855e-04f);
        above = above * square + All(-2.95459980854025e-03f);
        above = above * square + All(-1.60960333262415e-02f);
        Vector<float> below = All(-1.45660718464996e-05f);
        below = below * square + All(-2.13374055278905e-04f);
        below = below * square + All(-1.68282697438203e-03f);
        below = below * square + All(-7.37332916720468e-03f);
        below = below * square + All(-1.42647390514189e-02f);
        return x * above / below;
    }
}
