using System;
using System.Linq;
using Kernels.Layers;
using Kernels.Onnx.Folding;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Lowering.Operators;

/// <summary>Arithmetic with broadcasting.</summary>
internal static class ArithmeticOperators
{
    public static Term Add(Call call) => Binary(call, call.Input(0), call.Input(1), "Add");

    public static Term Sub(Call call) => Binary(call, call.Input(0), call.Input(1), "Sub");

    public static Term Mul(Call call) => Binary(call, call.Input(0), call.Input(1), "Mul");

    public static Term Div(Call call) => Binary(call, call.Input(0), call.Input(1), "Div");

    public static Term Sum(Call call) => Enumerable.Range(1, call.Count - 1).Aggregate(call.Input(0), (sum, i) => Binary(call, sum, call.Input(i), "Add"));

    public static Term Mean(Call call) => call.Count == 1 ? call.Input(0) : Affine(call, call.Context.Dynamic(Sum(call), call.Node), [1f / call.Count], [0f]);

    public static Term Neg(Call call) => Affine(call, call.Input(0), [-1f], [0f]);

    public static Term Reciprocal(Call call) => Binary(call, Term.Of(OnnxTensor.Scalar(1)), call.Input(0), "Div");

    /// <summary>Max and Min: with a constant, a clip.</summary>
    public static Term Bound(Call call)
    {
        call.Require(call.Count <= 2, $"a {call.Node.Operator} of more than two inputs is not supported");
        if (call.Count == 1)
        {
            return call.Input(0);
        }

        Term x = call.Input(0).Constant is null ? call.Input(0) : call.Input(1);
        OnnxTensor? bound = call.Input(0).Constant ?? call.Input(1).Constant;
        call.Require(bound is { Count: 1 } && bound.Rank <= x.Rank, $"a {call.Node.Operator} is supported with one constant number only");
        float number = bound!.Reals[0];
        return call.Node.Operator == "Max"
            ? ActivationOperators.Clip(call, x, number, float.PositiveInfinity)
            : ActivationOperators.Clip(call, x, float.NegativeInfinity, number);
    }

    public static Term Pow(Call call)
    {
        Term x = call.Input(0);
        OnnxTensor exponent = call.Constant(1, "exponent");
        call.Require(exponent.Count == 1 && x.Constant is null, "powers are supported with one constant exponent only");
        return exponent.Reals[0] switch
        {
            1f => x,
            2f => Joined(call, x, x, "Mul"),
            float power => call.Same(Operations.Pow(power), x),
        };
    }

    /// <summary>An operator of two inputs, of which at most one is constant.</summary>
    public static Term Binary(Call call, Term a, Term b, string function)
    {
        if (a.Constant is null && b.Constant is null)
        {
            return Activations.Recognize(call, a, b, function) ?? Joined(call, a, b, function);
        }

        bool isFirst = a.Constant is not null;
        OnnxTensor constant = (a.Constant ?? b.Constant)!;
        call.Require(constant.Type.IsReal(), $"its constant is {constant.Type}");
        Term x = isFirst ? b : a;
        bool keepsShape = constant.Rank <= x.Rank && Strides.Broadcast(x.Shape, constant.Shape).AsSpan().SequenceEqual(x.Shape);
        if (keepsShape && ConstantLayout.PerChannel(constant, x) is { } numbers && Array.TrueForAll(numbers, float.IsFinite))
        {
            switch (function)
            {
                case "Add":
                    return Affine(call, x, [1f], numbers);
                case "Sub":
                    return isFirst ? Affine(call, x, [-1f], numbers) : Affine(call, x, [1f], Array.ConvertAll(numbers, static v => -v));
                case "Mul":
                    return Affine(call, x, numbers, [0f]);
                case "Div" when !isFirst && Array.TrueForAll(numbers, static v => float.IsFinite(1 / v)):
                    return Affine(call, x, Array.ConvertAll(numbers, static v => 1 / v), [0f]);
            }
        }

        x = x.Extended(constant.Rank);
        int[] shape = Strides.Broadcast(x.Shape, constant.Shape);
        Term step = call.Context.Constant(constant, x.Axes, call.Node);
        return call.Context.Add(call.Node.Name, call.Node, Operations.Binary(function), shape, x.Axes, isFirst ? [step, x] : [x, step]);
    }

    /// <summary><c>x * scale + shift</c>: folded into the convolution or affine before it, where nothing else reads between.</summary>
    public static Term Affine(Call call, Term x, float[] scale, float[] shift)
    {
        x = call.Context.Dynamic(x, call.Node);
        if (call.Context.IsReadOnce(x.Step) && call.Context.OperationOf(x.Step) is { } before && AffineFolding.Fold(before, scale, shift) is { } folded)
        {
            call.Context.Replace(x.Step, folded, call.Node);
            return Activations.Recognize(call, x) ?? x;
        }

        Term y = call.Same(Operations.Affine(new AffineParameters(scale, shift)), x);
        return Activations.Recognize(call, y) ?? y;
    }

    private static Term Joined(Call call, Term a, Term b, string function)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        a = a.Extended(rank);
        b = b.Extended(rank);
        int[] shape = Strides.Broadcast(a.Shape, b.Shape);
        b = call.Context.On(b, a.Axes, call.Node);
        return call.Context.Add(call.Node.Name, call.Node, Operations.Binary(function), shape, a.Axes, a, b);
    }
}
