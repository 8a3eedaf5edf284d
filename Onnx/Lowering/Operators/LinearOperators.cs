using System;
using System.Linq;
using Kernels.Models;
using Kernels.Onnx.Folding;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Lowering.Operators;

/// <summary>Gemm and MatMul: a Linear over channels, where one side is constant.</summary>
internal static class LinearOperators
{
    public static Term MatMul(Call call)
    {
        Term a = call.Input(0);
        Term b = call.Input(1);
        call.Require(a.Rank >= 1 && b.Rank >= 1, "it multiplies scalars");
        if (b.Constant is { } right && right.Rank <= 2)
        {
            OnnxTensor columns = right.Rank == 1 ? right.Reshape([right.Count, 1]) : right;
            Term y = Linear(call, a, a.Rank - 1, ConstantFolder.Transpose(columns, [1, 0]), null);
            return right.Rank == 1 ? Without(y, y.Rank - 1) : y;
        }

        if (a.Constant is { Rank: <= 2 } left)
        {
            OnnxTensor rows = left.Rank == 1 ? left.Reshape([1, left.Count]) : left;
            int dimension = Math.Max(b.Rank - 2, 0);
            Term y = Linear(call, b, dimension, rows, null);
            return left.Rank == 1 ? Without(y, dimension) : y;
        }

        return Product(call, a, b);
    }

    public static Term Gemm(Call call)
    {
        Term a = Transposed(call.Input(0), call.Node.Int("transA", 0) != 0);
        Term b = Transposed(call.Input(1), call.Node.Int("transB", 0) != 0);
        call.Require(a.Rank == 2 && b.Rank == 2, "its factors have not two dimensions");
        float alpha = call.Node.Float("alpha", 1f);
        float beta = call.Node.Float("beta", 1f);
        Term? c = call.Optional(2);
        Term y;
        if (b.Constant is { } right)
        {
            y = Linear(call, a, 1, Scaled(ConstantFolder.Transpose(right, [1, 0]), alpha), null);
        }
        else if (a.Constant is { } left)
        {
            y = Linear(call, b, 0, Scaled(left, alpha), null);
        }
        else
        {
            y = Product(call, a, b);
            y = alpha == 1f ? y : ArithmeticOperators.Affine(call, y, [alpha], [0f]);
        }

        if (c is null || beta == 0f)
        {
            return y;
        }

        Term summand = c.Constant is { } constant ? Term.Of(Scaled(constant, beta)) : beta == 1f ? c : ArithmeticOperators.Affine(call, c, [beta], [0f]);
        return ArithmeticOperators.Binary(call, y, summand, "Add");
    }

    /// <summary>A Linear along a dimension of a term.</summary>
    /// <param name="call">The node.</param>
    /// <param name="x">The term.</param>
    /// <param name="dimension">The dimension that is multiplied.</param>
    /// <param name="weight">Weights [out, in].</param>
    /// <param name="bias">One an output; null for none.</param>
    public static Term Linear(Call call, Term x, int dimension, OnnxTensor weight, float[]? bias)
    {
        x = OnChannels(call, x, dimension);
        call.Require(weight.Type.IsReal(), $"its weights are {weight.Type}");
        if (x.Shape[dimension] != weight.Shape[1])
        {
            throw new OnnxFormatException($"The node {call.Node.Name} ({call.Node.Operator}) multiplies {x.Shape[dimension]} numbers by {weight.Shape[1]}.");
        }

        int[] shape = [.. x.Shape];
        shape[dimension] = weight.Shape[0];
        var weights = new LayerWeights(new FloatWeight(new Shape4(weight.Shape[0], weight.Shape[1], 1, 1), weight.RealArray), bias);
        Operation operation = Operations.Linear(weights);
        return call.Context.Add(call.Node.Name, call.Node, operation with { WeightScales = WeightScales.Of(operation.Spec!, weight) }, shape, x.Axes, x);
    }

    /// <summary>The term with a dimension on the channels.</summary>
    public static Term OnChannels(Call call, Term x, int dimension)
    {
        x = call.Context.Dynamic(x, call.Node);
        if (x.Axes[dimension] == 1)
        {
            return x;
        }

        int[] others = x.Rank switch { 4 => [0, 2, 3], 3 => [0, 3], _ => [0] };
        int next = 0;
        return call.Context.On(x, [.. Enumerable.Range(0, x.Rank).Select(i => i == dimension ? 1 : others[next++])], call.Node);
    }

    /// <summary>A product of two values that both depend on the input.</summary>
    private static Term Product(Call call, Term a, Term b)
    {
        if (a.Rank == 1 || b.Rank == 1)
        {
            // A vector is a row on the left and a column on the right.
            Term left = a.Rank == 1 ? Vector(call, a, [0, 1]) : a;
            Term right = b.Rank == 1 ? Vector(call, b, [1, 0]) : b;
            Term y = Product(call, left, right);
            y = a.Rank == 1 ? Without(y, y.Rank - 2) : y;
            return b.Rank == 1 ? Without(y, y.Rank - 1) : y;
        }

        int rank = Math.Max(a.Rank, b.Rank);
        int[] axes = rank switch { 2 => [2, 3], 3 => [0, 2, 3], _ => [0, 1, 2, 3] };
        a = call.Context.On(call.Context.Dynamic(a, call.Node).Extended(rank), axes, call.Node);
        b = call.Context.On(call.Context.Dynamic(b, call.Node).Extended(rank), axes, call.Node);
        int[] outer = Strides.Broadcast(a.Shape[..^2], b.Shape[..^2]);
        if (a.Shape[^1] != b.Shape[^2])
        {
            throw new OnnxFormatException($"The node {call.Node.Name} ({call.Node.Operator}) multiplies {a.Shape[^1]} numbers by {b.Shape[^2]}.");
        }

        return call.Context.Add(call.Node.Name, call.Node, Operations.MatMul(), [.. outer, a.Shape[^2], b.Shape[^1]], axes, a, b);
    }

    private static Term Vector(Call call, Term x, int[] places)
    {
        Term vector = call.Context.Dynamic(x, call.Node);
        int[] shape = places[0] == 0 ? [1, vector.Shape[0]] : [vector.Shape[0], 1];
        int other = vector.Axes[0] == 0 ? 1 : 0;
        return Term.Of(vector.Step, shape, places[0] == 0 ? [other, vector.Axes[0]] : [vector.Axes[0], other]);
    }

    private static Term Transposed(Term x, bool isTransposed)
    {
        if (!isTransposed || x.Rank != 2)
        {
            return x;
        }

        return x.Constant is { } constant ? Term.Of(ConstantFolder.Transpose(constant, [1, 0])) : Term.Of(x.Step, [x.Shape[1], x.Shape[0]], [x.Axes[1], x.Axes[0]]);
    }

    private static OnnxTensor Scaled(OnnxTensor tensor, float factor) => factor == 1f ? tensor : OnnxTensor.Of(tensor.Shape, Array.ConvertAll(tensor.RealArray, v => v * factor));

    private static Term Without(Term x, int dimension) => Term.Of(x.Step, [.. x.Shape.Where((_, i) => i != dimension)], [.. x.Axes.Where((_, i) => i != dimension)]);
}
