using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Folding;

/// <summary>Computes nodes whose inputs are all constant.</summary>
/// <param name="budget">How much it may make.</param>
internal sealed class ConstantFolder(FoldingBudget budget)
{
    private static readonly HashSet<string> Operators = new(StringComparer.Ordinal)
    {
        "Abs", "Add", "And", "Cast", "CastLike", "Ceil", "Concat", "Constant", "ConstantOfShape", "Div", "Dropout", "Equal", "Exp", "Expand", "Flatten", "Floor",
        "Gather", "Greater", "GreaterOrEqual", "Identity", "Less", "LessOrEqual", "Log", "Max", "Min", "Mod", "Mul", "Neg", "Not", "Or", "Pow", "Range", "Reciprocal",
        "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "Relu", "Reshape", "Round", "Shape", "Sigmoid", "Size", "Slice", "Split", "Sqrt", "Squeeze",
        "Sub", "Sum", "Tanh", "Tile", "Transpose", "Unsqueeze", "Where",
    };

    /// <summary>Whether a node's operator is computed where its inputs are constant.</summary>
    public static bool Knows(OnnxNode node) => node.Domain.Length == 0 && Operators.Contains(node.Operator);

    /// <summary>Computes a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">Its inputs; null where an optional one is left out.</param>
    /// <returns>Its outputs, or null when it is no operator that is computed here.</returns>
    /// <exception cref="OnnxFormatException">The inputs do not fit the operator.</exception>
    public IReadOnlyList<OnnxTensor>? Fold(OnnxNode node, IReadOnlyList<OnnxTensor?> inputs)
    {
        if (node.Domain.Length > 0)
        {
            return null;
        }

        if (node.Operator == "Constant")
        {
            return [Constant(node)];
        }

        IReadOnlyList<OnnxTensor>? outputs = Compute(node, inputs);
        foreach (OnnxTensor output in outputs ?? [])
        {
            if (!inputs.Contains(output))
            {
                budget.Take(output.Shape);
            }
        }

        return outputs;
    }

    private IReadOnlyList<OnnxTensor>? Compute(OnnxNode node, IReadOnlyList<OnnxTensor?> inputs)
    {

        OnnxTensor? x = inputs.Count > 0 ? inputs[0] : null;
        if (x is null || node.Inputs.Where((name, i) => name.Length > 0 && inputs[i] is null).Any())
        {
            return null;
        }

        OnnxTensor? Input(int index) => index < inputs.Count ? inputs[index] : null;
        OnnxTensor Needed(int index) => Input(index) ?? throw new OnnxFormatException($"The node {node.Name} ({node.Operator}) lacks its input {index}.");
        return node.Operator switch
        {
            "Shape" => [ShapeOf(node, x.Shape)],
            "Size" => [OnnxTensor.Of([], new long[] { x.Count })],
            "Identity" or "Dropout" => [x],
            "Cast" => [x.Cast(TargetType(node.Int("to", 0), node))],
            "CastLike" => [x.Cast(Needed(1).Type)],
            "ConstantOfShape" => [ConstantOfShape(node, x)],
            "Expand" => [Elementwise.Expand(x, Dimensions(Needed(1)), budget)],
            "Reshape" => [x.Reshape(ShapeRules.Reshape(x.Shape, node.Ints("shape") ?? Needed(1).Integers, node.Int("allowzero", 0) != 0))],
            "Flatten" => [x.Reshape(ShapeRules.Flatten(x.Shape, node.Int("axis", 1)))],
            "Squeeze" => [x.Reshape(ShapeRules.Squeeze(x.Shape, node.Ints("axes") ?? Input(1)?.Integers.ToArray()))],
            "Unsqueeze" => [x.Reshape(ShapeRules.Unsqueeze(x.Shape, node.Ints("axes") ?? Needed(1).Integers))],
            "Transpose" => [Transpose(x, ShapeRules.Permutation(node.Ints("perm"), x.Rank))],
            "Concat" => [Concat(node, [.. inputs.Select(static input => input!)])],
            "Slice" => [Slice(x, SliceArguments.Of(node, x.Shape, Input))],
            "Split" => Split(node, x, node.Ints("split") ?? Input(1)?.Integers.ToArray()),
            "Gather" => [Gather(node, x, Needed(1))],
            "Range" => [Range(x, Needed(1), Needed(2))],
            "Tile" => [Tile(x, Needed(1).Integers)],
            "Where" => [Elementwise.Where(x, Needed(1), Needed(2), budget)],
            "Sum" or "Max" or "Min" => [inputs.Skip(1).Aggregate(x, (sum, next) => Elementwise.Binary(node, sum, next!, budget)!)],
            _ => Single(inputs.Count == 2 ? Elementwise.Binary(node, x, Needed(1), budget) : inputs.Count == 1 ? Elementwise.Unary(node, x) : null)
                ?? Single(Reduction.Fold(node, x, node.Ints("axes") ?? Input(1)?.Integers.ToArray())),
        };
    }

    /// <summary>The constant that a Shape node makes.</summary>
    public static OnnxTensor ShapeOf(OnnxNode node, int[] shape)
    {
        int rank = shape.Length;
        int start = Bound(node.Int("start", 0), rank);
        int end = Bound(node.Int("end", rank), rank);
        long[] dimensions = [.. shape.Skip(start).Take(Math.Max(0, end - start)).Select(static size => (long)size)];
        return OnnxTensor.Of([dimensions.Length], dimensions);
    }

    private static int Bound(long index, int rank) => (int)Math.Clamp(index < 0 ? index + rank : index, 0, rank);

    /// <summary>The type that a Cast asks for.</summary>
    public static ElementType TargetType(long to, OnnxNode node) => to is > 0 and <= (int)ElementType.BFloat16 && ((ElementType)to).IsNumber()
        ? (ElementType)to
        : throw new OnnxFormatException($"The Cast {node.Name} asks for the element type {to}, which is none that is imported.");

    private static OnnxTensor[]? Single(OnnxTensor? tensor) => tensor is null ? null : [tensor];

    private static OnnxTensor Constant(OnnxNode node)
    {
        foreach ((string name, OnnxAttribute attribute) in node.Attributes)
        {
            switch (attribute.Value)
            {
                case OnnxTensor tensor:
                    return tensor;
                case float value:
                    return OnnxTensor.Scalar(value);
                case float[] values:
                    return OnnxTensor.Of([values.Length], values);
                case long value:
                    return OnnxTensor.Of([], new[] { value });
                case long[] values:
                    return OnnxTensor.Of([values.Length], [.. values]);
            }
        }

        throw new OnnxFormatException($"The Constant {node.Name} has no value of a kind that is imported.");
    }

    private static int[] Dimensions(OnnxTensor tensor) =>
        Array.ConvertAll(tensor.Integers.ToArray(), static size => size is >= 0 and <= int.MaxValue ? (int)size : throw new OnnxFormatException($"A dimension of {size} is not one of a tensor."));

    private OnnxTensor ConstantOfShape(OnnxNode node, OnnxTensor x)
    {
        int[] shape = Dimensions(x);
        OnnxTensor value = node.Tensor("value") ?? OnnxTensor.Scalar(0);
        return value.Count == 1
            ? Elementwise.Expand(value.Reshape([]), shape, budget)
            : throw new OnnxFormatException($"The ConstantOfShape {node.Name} has {value.Count} values instead of one.");
    }

    /// <summary>A constant with its axes in another order.</summary>
    public static OnnxTensor Transpose(OnnxTensor x, int[] order)
    {
        int[] strides = Strides.Of(x.Shape);
        int[] shape = Array.ConvertAll(order, axis => x.Shape[axis]);
        OnnxTensor turned = x.Pick(shape, Strides.Places(shape, Array.ConvertAll(order, axis => strides[axis]), 0));
        return x.Quantization is { } quantization ? turned.With(quantization with { Axis = Math.Max(0, Array.IndexOf(order, quantization.Axis)) }) : turned;
    }

    private static OnnxTensor Slice(OnnxTensor x, SliceArguments slice)
    {
        int[] strides = Strides.Of(x.Shape);
        int start = 0;
        for (int axis = 0; axis < strides.Length; axis++)
        {
            start += slice.Starts[axis] * strides[axis];
            strides[axis] = unchecked(strides[axis] * slice.Steps[axis]);
        }

        return x.Pick(slice.Counts, Strides.Places(slice.Counts, strides, start));
    }

    private static List<OnnxTensor> Split(OnnxNode node, OnnxTensor x, long[]? sizes)
    {
        int axis = Axes.Of(node.Int("axis", 0), x.Rank);
        var parts = new List<OnnxTensor>();
        int start = 0;
        foreach (int size in ShapeRules.Split(x.Shape[axis], sizes, node.Outputs.Count))
        {
            var slice = new SliceArguments(new int[x.Rank], [.. x.Shape], [.. Enumerable.Repeat(1, x.Rank)]);
            slice.Starts[axis] = start;
            slice.Counts[axis] = size;
            parts.Add(Slice(x, slice));
            start += size;
        }

        return parts;
    }

    private OnnxTensor Concat(OnnxNode node, OnnxTensor[] inputs)
    {
        int axis = Axes.Of(node.Int("axis", 1), inputs[0].Rank);
        int[] shape = [.. inputs[0].Shape];
        long sum = 0;
        foreach (OnnxTensor input in inputs)
        {
            if (input.Rank != shape.Length || input.Shape.Where((size, i) => i != axis && size != shape[i]).Any())
            {
                throw new OnnxFormatException($"The Concat {node.Name} joins shapes that do not fit.");
            }

            sum += input.Shape[axis];
        }

        shape[axis] = checked((int)sum);
        budget.Take(shape);
        int outer = OnnxTensor.CountOf(shape.AsSpan(0, axis));
        return inputs[0].Type.IsReal()
            ? OnnxTensor.Of(shape, Join(Array.ConvertAll(inputs, static x => x.RealArray), outer), inputs[0].Type)
            : OnnxTensor.Of(shape, Join(Array.ConvertAll(inputs, static x => x.Integers.ToArray()), outer), inputs[0].Type);
    }

    private static T[] Join<T>(T[][] parts, int outer)
    {
        var result = new T[parts.Sum(static part => part.Length)];
        int at = 0;
        for (int i = 0; i < outer; i++)
        {
            foreach (T[] part in parts)
            {
                int inner = part.Length / outer;
                part.AsSpan(i * inner, inner).CopyTo(result.AsSpan(at));
                at += inner;
            }
        }

        return result;
    }

    private OnnxTensor Gather(OnnxNode node, OnnxTensor x, OnnxTensor indices)
    {
        int axis = Axes.Of(node.Int("axis", 0), x.Rank);
        int[] shape = [.. x.Shape[..axis], .. indices.Shape, .. x.Shape[(axis + 1)..]];
        budget.Take(shape);
        int inner = OnnxTensor.CountOf(x.Shape.AsSpan(axis + 1));
        int outer = OnnxTensor.CountOf(x.Shape.AsSpan(0, axis));
        var places = new int[OnnxTensor.CountOf(shape)];
        ReadOnlySpan<long> integers = indices.Integers;
        int at = 0;
        for (int i = 0; i < outer; i++)
        {
            foreach (long index in integers)
            {
                int row = Axes.Of(index, x.Shape[axis]);
                for (int k = 0; k < inner; k++)
                {
                    places[at++] = (i * x.Shape[axis] + row) * inner + k;
                }
            }
        }

        return x.Pick(shape, places);
    }

    private OnnxTensor Range(OnnxTensor start, OnnxTensor limit, OnnxTensor delta)
    {
        if (start.Count != 1 || limit.Count != 1 || delta.Count != 1)
        {
            throw new OnnxFormatException("A Range needs three scalars.");
        }

        double first = start.Type.IsReal() ? start.Reals[0] : start.Integers[0];
        double last = start.Type.IsReal() ? limit.Reals[0] : limit.Integers[0];
        double step = start.Type.IsReal() ? delta.Reals[0] : delta.Integers[0];
        double count = Math.Max(0, Math.Ceiling((last - first) / step));
        int size = count <= int.MaxValue ? (int)count : int.MaxValue;
        budget.Take([size]);
        return start.Type.IsReal()
            ? OnnxTensor.Of([size], [.. Enumerable.Range(0, size).Select(i => (float)(first + i * step))], start.Type)
            : OnnxTensor.Of([size], [.. Enumerable.Range(0, size).Select(i => (long)(first + i * step))], start.Type);
    }

    private OnnxTensor Tile(OnnxTensor x, ReadOnlySpan<long> repeats)
    {
        if (repeats.Length != x.Rank)
        {
            throw new OnnxFormatException("A Tile needs a count for each dimension.");
        }

        var shape = new int[x.Rank];
        for (int i = 0; i < shape.Length; i++)
        {
            long size = repeats[i] is >= 0 and <= int.MaxValue ? x.Shape[i] * repeats[i] : -1;
            shape[i] = size is >= 0 and <= int.MaxValue ? (int)size : throw new OnnxFormatException("A Tile asks for too much.");
        }

        budget.Take(shape);
        int[] strides = Strides.Of(x.Shape);
        int[] full = Strides.Of(shape);
        var places = new int[OnnxTensor.CountOf(shape)];
        for (int i = 0; i < places.Length; i++)
        {
            int place = 0;
            for (int axis = 0; axis < shape.Length; axis++)
            {
                place += i / full[axis] % x.Shape[axis] * strides[axis];
            }

            places[i] = place;
        }

        return x.Pick(shape, places);
    }
}
