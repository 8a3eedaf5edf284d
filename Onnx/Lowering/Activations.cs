using System;

namespace Kernels.Onnx.Lowering;

/// <summary>Recognizes functions that exporters write as several nodes.</summary>
internal static class Activations
{
    private const float Sixth = 1f / 6f;

    /// <summary>What an affine or a clip ends: HardSwish as <c>x * clip(x + 3, 0, 6) / 6</c>, HardSigmoid; null when it is neither.</summary>
    public static Term? Recognize(Call call, Term y)
    {
        LoweringContext context = call.Context;
        Step last = context.Steps[y.Step - 1];

        // clip(x + 3, 0, 6) / 6
        if (IsAffine(last, Sixth, 0) && Before(context, last) is { } clipped)
        {
            if (IsClip(clipped, 0, 6) && Before(context, clipped) is { } sum && IsAffine(sum, 1, 3))
            {
                return context.Add(call.Node.Name, call.Node, Operations.Hardsigmoid(), y.Shape, y.Axes, Term.Of(sum.Inputs[0], y.Shape, y.Axes));
            }

            if (clipped.Operation.Function == "Mul" && FactorOf(context, clipped, static (context, factor, x) => IsClip(factor, 0, 6) && Before(context, factor) is { } plus && IsAffine(plus, 1, 3) && plus.Inputs[0] == x) is { } source)
            {
                return context.Add(call.Node.Name, call.Node, Operations.Hardswish(), y.Shape, y.Axes, Term.Of(source, y.Shape, y.Axes));
            }
        }

        // (x * (1 + erf(x / sqrt 2))) / 2
        if (IsAffine(last, 0.5f, 0) && Before(context, last) is { Operation.Function: "Mul" } product && FactorOf(context, product, IsErfGate) is { } argument)
        {
            return context.Add(call.Node.Name, call.Node, Operations.GELU(isTanh: false), y.Shape, y.Axes, Term.Of(argument, y.Shape, y.Axes));
        }

        // clip(x / 6 + 1/2, 0, 1)
        return IsClip(last, 0, 1) && Before(context, last) is { } line && IsAffine(line, Sixth, 0.5f)
            ? context.Add(call.Node.Name, call.Node, Operations.Hardsigmoid(), y.Shape, y.Axes, Term.Of(line.Inputs[0], y.Shape, y.Axes))
            : null;
    }

    /// <summary>A product that is a function of one value: SiLU, HardSwish, Mish; null when it is none.</summary>
    public static Term? Recognize(Call call, Term a, Term b, string function)
    {
        if (function != "Mul")
        {
            return null;
        }

        return Gate(call, a, b) ?? Gate(call, b, a);
    }

    private static Term? Gate(Call call, Term x, Term gate)
    {
        if (gate.Step == 0 || !x.Shape.AsSpan().SequenceEqual(gate.Shape) || !x.Axes.AsSpan().SequenceEqual(gate.Axes))
        {
            return null;
        }

        Step step = call.Context.Steps[gate.Step - 1];
        Operation? operation = step.Operation.Function switch
        {
            "Sigmoid" when step.Inputs[0] == x.Step => Operations.SiLU(),
            "Hardsigmoid" when step.Inputs[0] == x.Step => Operations.Hardswish(),
            "Tanh" when Before(call.Context, step) is { Operation.Function: "Softplus" } softplus && softplus.Inputs[0] == x.Step => Operations.Mish(),
            _ when x.Step > 0 && call.Context.Steps[x.Step - 1] is var half && IsAffine(half, 0.5f, 0) && IsErfGate(call.Context, step, half.Inputs[0]) => Operations.GELU(isTanh: false),
            _ => null,
        };
        if (operation is { Function: "GELU" })
        {
            x = Term.Of(call.Context.Steps[x.Step - 1].Inputs[0], x.Shape, x.Axes);
        }

        return operation is null ? null : call.Same(operation, x);
    }

    /// <summary>What a product multiplies by a factor that is made of it; null when there is no such factor.</summary>
    private static int? FactorOf(LoweringContext context, Step product, Func<LoweringContext, Step, int, bool> isFactor)
    {
        for (int i = 0; i < 2; i++)
        {
            int x = product.Inputs[i];
            int factor = product.Inputs[1 - i];
            if (factor > 0 && isFactor(context, context.Steps[factor - 1], x))
            {
                return x;
            }
        }

        return null;
    }

    /// <summary>1 + erf(x / sqrt 2)</summary>
    private static bool IsErfGate(LoweringContext context, Step gate, int x) => IsAffine(gate, 1, 1)
        && Before(context, gate) is { Operation.Function: "Erf" } erf
        && Before(context, erf) is { } scaled
        && IsAffine(scaled, 0.70710678f, 0)
        && scaled.Inputs[0] == x;

    private static Step? Before(LoweringContext context, Step step) => step.Inputs[0] > 0 ? context.Steps[step.Inputs[0] - 1] : null;

    private static bool IsAffine(Step step, float scale, float shift) => step.Operation.Affine is { Channels: 1 } affine && Near(affine.Scale[0], scale) && Near(affine.Shift[0], shift);

    private static bool IsClip(Step step, float least, float greatest) => step.Operation.Clip is { } clip && clip == (least, greatest);

    /// <summary>Constants of files are rounded to float32, sometimes more than once.</summary>
    private static bool Near(float value, float expected) => MathF.Abs(value - expected) <= 1e-6f * MathF.Max(1, MathF.Abs(expected));
}
