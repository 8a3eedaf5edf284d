using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Layers;
using Kernels.Onnx.Folding;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Lowering.Operators;

/// <summary>Operators that rearrange elements.</summary>
internal static class ShapeOperators
{
    public static Term Identity(Call call) => call.Any(0);

    public static Term Dropout(Call call)
    {
        call.OnlyFirstOutput();
        call.Require(call.OptionalConstant(2, "training_mode") is not { } training || training.Integers[0] == 0, "it is in training mode");
        return call.Input(0);
    }

    public static Term Cast(Call call)
    {
        ElementType to = call.Node.Operator == "CastLike" ? ElementType.Float : ConstantFolder.TargetType(call.Node.Int("to", 0), call.Node);
        call.Require(to == ElementType.Float, $"it makes {to} of values that depend on the network's input");
        return call.Input(0);
    }

    public static Term Transpose(Call call)
    {
        Term x = call.Any(0);
        int[] order = ShapeRules.Permutation(call.Node.Ints("perm"), x.Rank);
        if (x.View is { } view)
        {
            return Term.Of(view.Transpose(order));
        }

        return Term.Of(x.Step, Array.ConvertAll(order, i => x.Shape[i]), Array.ConvertAll(order, i => x.Axes[i]));
    }

    public static Term Squeeze(Call call)
    {
        Term x = call.Any(0);
        long[]? axes = call.Numbers("axes", 1);
        int[] squeezed = ShapeRules.Squeeze(x.Shape, axes);
        if (x.View is not null)
        {
            return To(call, x, squeezed);
        }

        bool[] isGone = new bool[x.Rank];
        foreach (int axis in axes is null ? [.. Enumerable.Range(0, x.Rank).Where(i => x.Shape[i] == 1)] : Folding.Axes.Of(axes, x.Rank))
        {
            isGone[axis] = true;
        }

        return Term.Of(x.Step, [.. x.Shape.Where((_, i) => !isGone[i])], [.. x.Axes.Where((_, i) => !isGone[i])]);
    }

    public static Term Unsqueeze(Call call)
    {
        Term x = call.Any(0);
        long[] axes = call.Numbers("axes", 1) ?? throw new OnnxFormatException($"The Unsqueeze {call.Node.Name} has no axes.");
        int[] shape = ShapeRules.Unsqueeze(x.Shape, axes);
        if (shape.Length > 4)
        {
            return To(call, x, shape);
        }

        int[] added = Folding.Axes.Of(axes, shape.Length);

        // The default place of a new dimension where that is free, so that what follows finds it there.
        int[] wanted = Term.DefaultAxes(shape.Length);
        var free = new List<int>(Enumerable.Range(0, 4).Except(x.Axes));
        var result = new int[shape.Length];
        int next = 0;
        foreach (int i in Enumerable.Range(0, shape.Length).Where(i => added.Contains(i)))
        {
            result[i] = free.Contains(wanted[i]) ? wanted[i] : -1;
            free.Remove(result[i]);
        }

        for (int i = 0; i < shape.Length; i++)
        {
            if (!added.Contains(i))
            {
                result[i] = x.Axes[next++];
            }
            else if (result[i] < 0)
            {
                result[i] = free[0];
                free.RemoveAt(0);
            }
        }

        return Term.Of(x.Step, shape, result);
    }

    public static Term Reshape(Call call)
    {
        Term x = call.Any(0);
        long[] to = call.Numbers("shape", 1) ?? throw new OnnxFormatException($"The Reshape {call.Node.Name} has no shape.");
        return To(call, x, ShapeRules.Reshape(x.Shape, to, call.Node.Int("allowzero", 0) != 0));
    }

    public static Term Flatten(Call call)
    {
        Term x = call.Any(0);
        return To(call, x, ShapeRules.Flatten(x.Shape, call.Node.Int("axis", 1)));
    }

    public static Term Concat(Call call)
    {
        Term[] inputs = [.. Enumerable.Range(0, call.Count).Select(call.Input)];
        Term first = inputs.First(static input => input.Constant is null);
        int axis = Folding.Axes.Of(call.Node.Int("axis", 1), first.Rank);
        int[] shape = [.. first.Shape];
        shape[axis] = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            Term input = inputs[i].Constant is { } constant && constant.Rank == first.Rank
                ? call.Context.Constant(constant, first.Axes, call.Node)
                : call.Context.On(inputs[i], first.Axes, call.Node);
            inputs[i] = input;
            if (input.Rank != first.Rank || input.Shape.Where((size, k) => k != axis && size != first.Shape[k]).Any())
            {
                throw new OnnxFormatException($"The Concat {call.Node.Name} joins shapes that do not fit.");
            }

            shape[axis] = checked(shape[axis] + input.Shape[axis]);
        }

        return inputs.Length == 1 ? inputs[0] : call.Context.Add(call.Node.Name, call.Node, Operations.Cat(first.Axes[axis]), shape, first.Axes, inputs);
    }

    public static Term Slice(Call call)
    {
        Term x = call.Input(0);
        SliceArguments slice = SliceArguments.Of(call.Node, x.Shape, index => call.OptionalConstant(index, "range"));
        for (int i = 0; i < x.Rank; i++)
        {
            x = Slice(call, x, i, slice.Starts[i], slice.Counts[i], slice.Steps[i]);
        }

        return x;
    }

    public static IReadOnlyList<Term> Split(Call call)
    {
        Term x = call.Input(0);
        int axis = Folding.Axes.Of(call.Node.Int("axis", 0), x.Rank);
        int start = 0;
        var parts = new List<Term>();
        foreach (int size in ShapeRules.Split(x.Shape[axis], call.Numbers("split", 1), call.Node.Outputs.Count))
        {
            string output = call.Node.Outputs[parts.Count];
            parts.Add(output.Length > 0 && call.IsUsed(output) ? Slice(call, x, axis, start, size, 1) : x);
            start += size;
        }

        return parts;
    }

    /// <summary>The term in another shape, elements in the same row-major order.</summary>
    public static Term To(Call call, Term x, int[] shape)
    {
        if (shape.AsSpan().SequenceEqual(x.Shape))
        {
            return x;
        }

        if (shape.Length > 4)
        {
            // A view of a view in its order is one of the source.
            return x.View is null or { IsPlain: true }
                ? Term.Of(new ShapeView(x.View?.Source ?? x, shape, [.. Enumerable.Range(0, shape.Length)]))
                : throw new LoweringException($"a tensor of {shape.Length} dimensions is not supported: networks have batch, channels, rows and columns");
        }

        if (x.View is { } view)
        {
            return ViewLowering.To(call, view, shape);
        }

        // Only dimensions of 1 that come or go: a renaming.
        int[] large = [.. Enumerable.Range(0, x.Rank).Where(i => x.Shape[i] != 1)];
        if (shape.Where(static size => size != 1).SequenceEqual(large.Select(i => x.Shape[i])) && Renamed(x, shape, large) is { } renamed)
        {
            return renamed;
        }

        Term from = call.Context.Default(x, call.Node);
        Term result = Term.Of(0, shape, Term.DefaultAxes(shape.Length));
        if (from.Physical.N == result.Physical.N)
        {
            Operation operation = result.Physical is { H: 1, W: 1 } ? Operations.Flatten() : Operations.Reshape(result.Physical);
            return call.Add(operation, shape, from);
        }

        return Rebatched(call, from, result.Physical, shape);
    }

    /// <summary>A reshape that changes the batch too: images as rows of one image, that one in another shape, and back.</summary>
    private static Term Rebatched(Call call, Term from, Shape4 to, int[] shape)
    {
        int batch = from.Physical.N;
        int image = from.Physical.Count / batch;
        Term rows = image == from.Physical.C ? from : call.Context.Add(call.Node.Name + "_rows", call.Node, Operations.Flatten(), [batch, image], [0, 1], from);
        Term one = call.Context.On(Term.Of(rows.Step, [batch, image], [0, 1]), [1, 3], call.Node);
        int columns = to.Count / to.N;
        Term other = call.Context.Add(call.Node.Name + "_images", call.Node, Operations.Reshape(new Shape4(1, to.N, 1, columns)), [to.N, columns], [1, 3], one);
        Term images = call.Context.On(other, [0, 1], call.Node);
        return to is { H: 1, W: 1 }
            ? Term.Of(images.Step, shape, Term.DefaultAxes(shape.Length))
            : call.Add(Operations.Reshape(to), shape, images);
    }

    private static Term? Renamed(Term x, int[] shape, int[] large)
    {
        int[] axes = Term.DefaultAxes(shape.Length);
        var taken = new HashSet<int>(large.Select(i => x.Axes[i]));
        int next = 0;
        for (int i = 0; i < shape.Length; i++)
        {
            if (shape[i] != 1)
            {
                axes[i] = x.Axes[large[next++]];
            }
            else if (taken.Contains(axes[i]))
            {
                axes[i] = -1;
            }
        }

        var free = new Queue<int>(Enumerable.Range(0, 4).Except(axes));
        for (int i = 0; i < axes.Length; i++)
        {
            axes[i] = axes[i] < 0 ? free.Dequeue() : axes[i];
        }

        return axes.Distinct().Count() == axes.Length ? Term.Of(x.Step, shape, axes) : null;
    }

    private static Term Slice(Call call, Term x, int dimension, int start, int count, int step)
    {
        int size = x.Shape[dimension];
        if (start == 0 && count == size && step == 1)
        {
            return x;
        }

        call.Require(count > 0, "it makes a tensor without elements");
        call.Require(step > 0, "it takes elements backwards");
        int[] shape = [.. x.Shape];
        shape[dimension] = count;
        return call.Context.Add(call.Node.Name, call.Node, SliceOf(x.Axes[dimension], start, count, step, size), shape, x.Axes, x);
    }

    /// <summary>A slice; one that keeps all up to the end says so, whatever the size is.</summary>
    private static Operation SliceOf(int axis, int start, int count, int step, int size) =>
        Operations.Slice(new SliceSpec(axis, start, start + (long)count * step >= size ? int.MaxValue : start + (count - 1) * step + 1, step));
}
