using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Layers;
using Kernels.Onnx.Folding;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Lowering.Operators;

/// <summary>Normalizations.</summary>
internal static class NormalizationOperators
{
    public static Term BatchNormalization(Call call)
    {
        call.OnlyFirstOutput();
        call.Require(call.Node.Int("training_mode", 0) == 0 && call.Node.Int("is_test", 1) != 0, "it is in training mode");
        call.Require(call.Node.Int("spatial", 1) != 0, "it normalizes every pixel by itself");
        Term x = Channeled(call);
        float[] scale = call.Constant(1, "scale").RealArray;
        float[] bias = call.Constant(2, "bias").RealArray;
        float[] mean = call.Constant(3, "mean").RealArray;
        float[] variance = call.Constant(4, "variance").RealArray;
        if (scale.Length != x.Shape[1])
        {
            throw new OnnxFormatException($"The BatchNormalization {call.Node.Name} has {scale.Length} channels, but its input {x.Shape[1]}.");
        }

        return call.Same(Operations.BatchNorm2d(new BatchNormParameters(mean, variance, scale, bias, call.Node.Float("epsilon", 1e-5f))), x);
    }

    public static Term InstanceNormalization(Call call)
    {
        Term x = Channeled(call);
        return call.Same(Operations.InstanceNorm2d(Parameters(call, x.Shape[1])), x);
    }

    public static Term GroupNormalization(Call call)
    {
        Term x = Channeled(call);
        long groups = call.Node.Int("num_groups", 0);
        int channels = x.Shape[1];
        call.Require(groups >= 1 && groups <= channels && channels % groups == 0, $"{channels} channels do not make {groups} groups");

        // Before opset 21 scale and bias have a number for each group.
        int each = call.Node.Opset < 21 ? channels / (int)groups : 1;
        float[] scale = [.. call.Constant(1, "scale").RealArray.SelectMany(v => Enumerable.Repeat(v, each))];
        float[] bias = [.. call.Constant(2, "bias").RealArray.SelectMany(v => Enumerable.Repeat(v, each))];
        return call.Same(Operations.GroupNorm((int)groups, new NormalizationParameters(channels, scale, bias, call.Node.Float("epsilon", 1e-5f))), x);
    }

    /// <summary>LayerNormalization, with its mean and the inverse of its deviation where they are read.</summary>
    public static IReadOnlyList<Term> LayerNormalization(Call call)
    {
        Term x = call.Dynamic(0);
        int axis = Axes.Of(call.Node.Int("axis", -1), x.Rank);
        int width = OnnxTensor.CountOf(x.Shape.AsSpan(axis));
        int[] reduced = [.. x.Shape.Select((size, i) => i < axis ? size : 1)];

        // What is normalized lies on the channels: the last dimension, or several as one.
        bool isLast = axis == x.Rank - 1;
        Term rows = isLast ? LinearOperators.OnChannels(call, x, axis) : ShapeOperators.To(call, x, ShapeRules.Flatten(x.Shape, axis));
        rows = isLast ? rows : call.Context.Default(rows, call.Node);
        Term y = call.Same(Operations.LayerNorm(Parameters(call, width)), rows);
        var outputs = new List<Term> { isLast ? y : ShapeOperators.To(call, y, x.Shape) };
        int channels = rows.Rank - 1;
        Term mean = y;
        for (int i = 1; i < call.Node.Outputs.Count; i++)
        {
            if (!call.Node.HasOutput(i) || !call.IsUsed(call.Node.Outputs[i]))
            {
                outputs.Add(y);
                continue;
            }

            mean = PoolingOperators.Mean(call, rows, [channels]);
            outputs.Add(ShapeOperators.To(call, i == 1 ? mean : InverseDeviation(call, rows, mean, channels), reduced));
        }

        return outputs;
    }

    private static Term InverseDeviation(Call call, Term rows, Term mean, int dimension)
    {
        Term centered = ArithmeticOperators.Binary(call, rows, mean, "Sub");
        Term variance = PoolingOperators.Mean(call, ArithmeticOperators.Binary(call, centered, centered, "Mul"), [dimension]);
        Term raised = ArithmeticOperators.Affine(call, variance, [1f], [call.Node.Float("epsilon", 1e-5f)]);
        return call.Same(Operations.Pow(-0.5f), raised);
    }

    private static NormalizationParameters Parameters(Call call, int count)
    {
        float[] scale = Spread(call, call.Constant(1, "scale"), count);
        float[] bias = call.OptionalConstant(2, "bias") is { } given ? Spread(call, given, count) : [];
        return new NormalizationParameters(count, scale, bias, call.Node.Float("epsilon", 1e-5f));
    }

    private static float[] Spread(Call call, OnnxTensor numbers, int count) => numbers.Count == count
        ? numbers.RealArray
        : numbers.Count == 1
            ? [.. Enumerable.Repeat(numbers.Reals[0], count)]
            : throw new LoweringException($"it has {numbers.Count} factors for {count} numbers");

    /// <summary>An input whose second dimension is the channels.</summary>
    private static Term Channeled(Call call)
    {
        Term x = call.Dynamic(0);
        call.Require(x.Rank is >= 2 and <= 4, x.Rank == 5 ? "it has 3 spatial dimensions; 1 and 2 are supported" : $"its input has {x.Rank} dimensions");
        return x.Axes[1] == 1 && x.Axes[0] == 0 ? x : call.Context.Default(x, call.Node);
    }
}
