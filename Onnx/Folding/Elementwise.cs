using System;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Folding;

/// <summary>Elementwise operators on constants.</summary>
internal static class Elementwise
{
    /// <summary>An operator of one constant; null when it is none of these.</summary>
    public static OnnxTensor? Unary(OnnxNode node, OnnxTensor x) => node.Operator switch
    {
        "Neg" => x.Type.IsReal() ? Map(x, static v => -v) : OnnxTensor.Of(x.Shape, Array.ConvertAll(x.Integers.ToArray(), static v => -v), x.Type),
        "Abs" => x.Type.IsReal() ? Map(x, Math.Abs) : OnnxTensor.Of(x.Shape, Array.ConvertAll(x.Integers.ToArray(), static v => v < 0 ? -v : v), x.Type),
        "Not" => OnnxTensor.Of(x.Shape, Array.ConvertAll(x.Integers.ToArray(), static v => v == 0 ? 1L : 0L), ElementType.Bool),
        "Sqrt" => Map(x, Math.Sqrt),
        "Exp" => Map(x, Math.Exp),
        "Log" => Map(x, Math.Log),
        "Floor" => Map(x, Math.Floor),
        "Ceil" => Map(x, Math.Ceiling),
        "Round" => Map(x, static v => Math.Round(v, MidpointRounding.ToEven)),
        "Reciprocal" => Map(x, static v => 1 / v),
        "Tanh" => Map(x, Math.Tanh),
        "Sigmoid" => Map(x, static v => 1 / (1 + Math.Exp(-v))),
        "Relu" => x.Type.IsReal() ? Map(x, static v => Math.Max(v, 0)) : null,
        _ => null,
    };

    /// <summary>An operator of two constants; null when it is none of these.</summary>
    public static OnnxTensor? Binary(OnnxNode node, OnnxTensor a, OnnxTensor b, FoldingBudget budget)
    {
        bool isReal = a.Type.IsReal();
        return node.Operator switch
        {
            "Add" or "Sum" => isReal ? Map(a, b, budget, static (x, y) => x + y) : Integers(a, b, budget, static (x, y) => x + y),
            "Sub" => isReal ? Map(a, b, budget, static (x, y) => x - y) : Integers(a, b, budget, static (x, y) => x - y),
            "Mul" => isReal ? Map(a, b, budget, static (x, y) => x * y) : Integers(a, b, budget, static (x, y) => x * y),
            "Div" => isReal ? Map(a, b, budget, static (x, y) => x / y) : Integers(a, b, budget, Divide),
            "Mod" => isReal ? Map(a, b, budget, Math.IEEERemainder) : Integers(a, b, budget, static (x, y) => y == 0 || y == -1 ? 0 : ((x % y) + y) % y),
            "Pow" => Map(a, b, budget, Math.Pow),
            "Min" => isReal ? Map(a, b, budget, Math.Min) : Integers(a, b, budget, Math.Min),
            "Max" => isReal ? Map(a, b, budget, Math.Max) : Integers(a, b, budget, Math.Max),
            "Equal" => Compare(a, b, budget, static (x, y) => x == y, static (x, y) => x == y),
            "Less" => Compare(a, b, budget, static (x, y) => x < y, static (x, y) => x < y),
            "LessOrEqual" => Compare(a, b, budget, static (x, y) => x <= y, static (x, y) => x <= y),
            "Greater" => Compare(a, b, budget, static (x, y) => x > y, static (x, y) => x > y),
            "GreaterOrEqual" => Compare(a, b, budget, static (x, y) => x >= y, static (x, y) => x >= y),
            "And" => Integers(a, b, budget, static (x, y) => x & y),
            "Or" => Integers(a, b, budget, static (x, y) => x | y),
            _ => null,
        };
    }

    /// <summary>Where: elements of the second where the first is true, of the third elsewhere.</summary>
    public static OnnxTensor Where(OnnxTensor condition, OnnxTensor yes, OnnxTensor no, FoldingBudget budget)
    {
        int[] shape = Strides.Broadcast(condition.Shape, Strides.Broadcast(yes.Shape, no.Shape));
        OnnxTensor c = Expand(condition, shape, budget);
        OnnxTensor y = Expand(yes, shape, budget);
        OnnxTensor n = Expand(no, shape, budget);
        ReadOnlySpan<long> choices = c.Integers;
        if (yes.Type.IsReal())
        {
            float[] reals = n.Reals.ToArray();
            ReadOnlySpan<float> chosen = y.Reals;
            for (int i = 0; i < reals.Length; i++)
            {
                reals[i] = choices[i] != 0 ? chosen[i] : reals[i];
            }

            return OnnxTensor.Of(shape, reals, yes.Type);
        }

        long[] integers = n.Integers.ToArray();
        ReadOnlySpan<long> picked = y.Integers;
        for (int i = 0; i < integers.Length; i++)
        {
            integers[i] = choices[i] != 0 ? picked[i] : integers[i];
        }

        return OnnxTensor.Of(shape, integers, yes.Type);
    }

    /// <summary>A constant repeated to a larger shape.</summary>
    public static OnnxTensor Expand(OnnxTensor x, int[] shape, FoldingBudget budget)
    {
        int[] full = Strides.Broadcast(x.Shape, shape);
        budget.Take(full);
        return x.Pick(full, Strides.BroadcastPlaces(x.Shape, full));
    }

    // Division of integers drops the fraction; a division by zero has no value, and no exception either.
    private static long Divide(long x, long y) => y == 0 ? 0 : y == -1 ? unchecked(-x) : x / y;

    private static OnnxTensor Map(OnnxTensor x, Func<double, double> map) =>
        OnnxTensor.Of(x.Shape, Array.ConvertAll(x.Reals.ToArray(), v => (float)map(v)), x.Type.IsReal() ? x.Type : ElementType.Float);

    private static OnnxTensor Map(OnnxTensor a, OnnxTensor b, FoldingBudget budget, Func<double, double, double> map)
    {
        (int[] shape, int[] first, int[] second) = Pair(a, b, budget);
        ReadOnlySpan<float> x = a.Reals;
        ReadOnlySpan<float> y = b.Reals;
        var result = new float[first.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = (float)map(x[first[i]], y[second[i]]);
        }

        OnnxTensor reals = OnnxTensor.Of(shape, result);
        return a.Type == ElementType.Float ? reals : reals.Cast(a.Type);
    }

    private static OnnxTensor Integers(OnnxTensor a, OnnxTensor b, FoldingBudget budget, Func<long, long, long> map)
    {
        (int[] shape, int[] first, int[] second) = Pair(a, b, budget);
        ReadOnlySpan<long> x = a.Integers;
        ReadOnlySpan<long> y = b.Integers;
        var result = new long[first.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = map(x[first[i]], y[second[i]]);
        }

        return OnnxTensor.Of(shape, result, a.Type);
    }

    private static OnnxTensor Compare(OnnxTensor a, OnnxTensor b, FoldingBudget budget, Func<double, double, bool> reals, Func<long, long, bool> integers) => a.Type.IsReal()
        ? Map(a, b, budget, (x, y) => reals(x, y) ? 1 : 0).Cast(ElementType.Bool)
        : Integers(a, b, budget, (x, y) => integers(x, y) ? 1 : 0).Cast(ElementType.Bool);

    private static (int[] Shape, int[] First, int[] Second) Pair(OnnxTensor a, OnnxTensor b, FoldingBudget budget)
    {
        int[] shape = Strides.Broadcast(a.Shape, b.Shape);
        budget.Take(shape);
        return (shape, Strides.BroadcastPlaces(a.Shape, shape), Strides.BroadcastPlaces(b.Shape, shape));
    }
}
