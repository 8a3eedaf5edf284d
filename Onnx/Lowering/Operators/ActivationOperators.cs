using System;
using Kernels.Layers;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Lowering.Operators;

/// <summary>Functions of one value.</summary>
internal static class ActivationOperators
{
    /// <summary>A function without parameters.</summary>
    public static Func<Call, Term> Plain(Func<Operation> operation) => call => call.Same(operation(), call.Input(0));

    public static Term Relu(Call call) => Clip(call, call.Input(0), 0, float.PositiveInfinity);

    public static Term LeakyRelu(Call call) => call.Same(Operations.LeakyReLU(call.Node.Float("alpha", 0.01f)), call.Input(0));

    public static Term Elu(Call call) => call.Same(Operations.ELU(call.Node.Float("alpha", 1f)), call.Input(0));

    public static Term Gelu(Call call) => call.Same(Operations.GELU(call.Node.Text("approximate", "none") switch
    {
        "none" => false,
        "tanh" => true,
        string other => throw new LoweringException($"its approximation is {other}"),
    }), call.Input(0));

    public static Term HardSigmoid(Call call)
    {
        float alpha = call.Node.Float("alpha", 0.2f);
        float beta = call.Node.Float("beta", 0.5f);
        if (MathF.Abs(alpha - 1f / 6f) < 1e-6f && beta == 0.5f)
        {
            return call.Same(Operations.Hardsigmoid(), call.Input(0));
        }

        Term line = call.Context.Add(call.Node.Name + "_line", call.Node, Operations.Affine(new AffineParameters([alpha], [beta])), call.Input(0).Shape, call.Input(0).Axes, call.Input(0));
        return call.Same(Operations.Hardtanh(0, 1), line);
    }

    public static Term Swish(Call call)
    {
        float alpha = call.Node.Float("alpha", 1f);
        Term x = call.Input(0);
        if (alpha == 1f)
        {
            return call.Same(Operations.SiLU(), x);
        }

        Term scaled = call.Same(Operations.Affine(new AffineParameters([alpha], [0f])), x);
        Term gate = call.Same(Operations.Sigmoid(), scaled);
        return call.Same(Operations.Binary("Mul"), x, gate);
    }

    public static Term PRelu(Call call)
    {
        Term x = call.Input(0);
        OnnxTensor slope = call.Constant(1, "slope");
        if (ConstantLayout.PerChannel(slope, x) is { } slopes)
        {
            return call.Same(Operations.PReLU(slopes), x);
        }

        // max(x, 0) + slope * min(x, 0), with slopes that differ between pixels.
        Term above = call.Same(Operations.ReLU(), x);
        Term below = Clip(call, x, float.NegativeInfinity, 0);
        return ArithmeticOperators.Binary(call, above, ArithmeticOperators.Binary(call, below, Term.Of(slope), "Mul"), "Add");
    }

    public static Term Clip(Call call)
    {
        float least = call.Node.Has("min") ? call.Node.Float("min", 0) : Bound(call, 1) ?? float.NegativeInfinity;
        float greatest = call.Node.Has("max") ? call.Node.Float("max", 0) : Bound(call, 2) ?? float.PositiveInfinity;
        return Clip(call, call.Input(0), least, greatest);
    }

    /// <summary>Values cut off below and above; where both bounds cross, the greatest wins, as ONNX has it.</summary>
    public static Term Clip(Call call, Term x, float least, float greatest)
    {
        call.Require(!float.IsNaN(least) && !float.IsNaN(greatest), "its bounds are not numbers");
        least = Math.Min(least, greatest);
        if (least <= float.MinValue && greatest >= float.MaxValue)
        {
            return x;
        }

        Operation operation = (least, greatest) switch
        {
            (0f, >= float.MaxValue) => Operations.ReLU(),
            (0f, 6f) => Operations.ReLU6(),
            _ => Operations.Hardtanh(Math.Max(least, float.MinValue), Math.Min(greatest, float.MaxValue)),
        };
        Term y = call.Same(operation, x);
        return Activations.Recognize(call, y) ?? y;
    }

    public static Term Softmax(Call call)
    {
        Term x = call.Input(0);
        if (call.Node.Opset >= 13)
        {
            return call.Same(Operations.Softmax(x.Axes[Folding.Axes.Of(call.Node.Int("axis", -1), x.Rank)]), x);
        }

        // Until opset 12 over all dimensions from the axis on.
        long axis = call.Node.Int("axis", 1);
        if (Folding.Axes.Of(axis, x.Rank) == x.Rank - 1)
        {
            return call.Same(Operations.Softmax(x.Axes[^1]), x);
        }

        Term rows = ShapeOperators.To(call, x, Folding.ShapeRules.Flatten(x.Shape, axis));
        Term y = call.Same(Operations.Softmax(rows.Axes[1]), rows);
        return ShapeOperators.To(call, y, x.Shape);
    }

    private static float? Bound(Call call, int input)
    {
        OnnxTensor? bound = call.OptionalConstant(input, input == 1 ? "lower bound" : "upper bound");
        call.Require(bound is null or { Count: 1 }, "its bounds are not single numbers");
        return bound?.Reals[0];
    }
}
