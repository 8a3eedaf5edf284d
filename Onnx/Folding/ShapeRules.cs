using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Folding;

/// <summary>The shapes that operators make which only rearrange; for constants and for what depends on the input alike.</summary>
internal static class ShapeRules
{
    /// <summary>Reshape: 0 keeps a dimension, -1 takes what is left.</summary>
    public static int[] Reshape(int[] from, ReadOnlySpan<long> to, bool allowZero)
    {
        var shape = new int[to.Length];
        int free = -1;
        long known = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            long size = to[i];
            if (size == -1)
            {
                free = free < 0 ? i : throw new OnnxFormatException("A Reshape has two free dimensions.");
                continue;
            }

            if (size == 0 && !allowZero)
            {
                size = i < from.Length ? from[i] : throw new OnnxFormatException("A Reshape keeps a dimension that its input does not have.");
            }

            shape[i] = size is >= 0 and <= int.MaxValue ? (int)size : throw new OnnxFormatException($"A Reshape asks for a dimension of {size}.");
            known *= shape[i];
            if (known > int.MaxValue)
            {
                throw new OnnxFormatException("A Reshape asks for more elements than there are.");
            }
        }

        int count = OnnxTensor.CountOf(from);
        if (free >= 0)
        {
            shape[free] = known > 0 && count % known == 0 ? (int)(count / known) : throw Misfit(from, to);
            known *= shape[free];
        }

        return known == count ? shape : throw Misfit(from, to);
    }

    /// <summary>Flatten: the dimensions before the axis as one, and the others.</summary>
    public static int[] Flatten(int[] from, long axis)
    {
        int split = axis == from.Length ? from.Length : Axes.Of(axis, from.Length);
        return [OnnxTensor.CountOf(from.AsSpan(0, split)), OnnxTensor.CountOf(from.AsSpan(split))];
    }

    /// <summary>Squeeze: dimensions of 1 left out; all when there are no axes.</summary>
    public static int[] Squeeze(int[] from, long[]? axes)
    {
        int[] gone = axes is null ? [.. Enumerable.Range(0, from.Length).Where(i => from[i] == 1)] : Axes.Of(axes, from.Length);
        return Array.TrueForAll(gone, axis => from[axis] == 1)
            ? [.. from.Where((_, i) => !gone.Contains(i))]
            : throw new OnnxFormatException($"A Squeeze takes away a dimension of [{string.Join(", ", from)}] that is not 1.");
    }

    /// <summary>Unsqueeze: dimensions of 1 put in.</summary>
    public static int[] Unsqueeze(int[] from, ReadOnlySpan<long> axes)
    {
        int[] added = Axes.Of(axes, from.Length + axes.Length);
        var shape = new List<int>(from);
        foreach (int axis in added)
        {
            shape.Insert(axis, 1);
        }

        return [.. shape];
    }

    /// <summary>Transpose: the order of the axes.</summary>
    public static int[] Permutation(long[]? perm, int rank)
    {
        int[] order = perm is null ? [.. Enumerable.Range(0, rank).Reverse()] : Array.ConvertAll(perm, axis => Axes.Of(axis, rank));
        return order.Length == rank && order.Distinct().Count() == rank
            ? order
            : throw new OnnxFormatException($"A Transpose of {rank} dimensions has the permutation [{string.Join(", ", order)}].");
    }

    /// <summary>Split: the sizes of the parts.</summary>
    public static int[] Split(int size, ReadOnlySpan<long> sizes, int parts)
    {
        if (sizes.IsEmpty)
        {
            // Equal parts, of which the last may be smaller.
            int part = (size + parts - 1) / Math.Max(parts, 1);
            int[] equal = [.. Enumerable.Range(0, parts).Select(i => Math.Clamp(size - i * part, 0, part))];
            return equal;
        }

        int[] result = [.. sizes.ToArray().Select(static s => s is >= 0 and <= int.MaxValue ? (int)s : -1)];
        return result.All(static s => s >= 0) && result.Sum(static s => (long)s) == size
            ? result
            : throw new OnnxFormatException($"A Split of {size} elements has the parts [{string.Join(", ", sizes.ToArray())}].");
    }

    /// <summary>Slice along one axis: the first element and how many, for the given step.</summary>
    public static (int Start, int Count) Slice(int size, long start, long end, long step)
    {
        if (step == 0)
        {
            throw new OnnxFormatException("A Slice has the step 0.");
        }

        long first = start < 0 ? Math.Max(start, -size - 1L) + size : start;
        long last = end < 0 ? Math.Max(end, -size - 1L) + size : end;
        if (step > 0)
        {
            first = Math.Clamp(first, 0, size);
            last = Math.Clamp(last, 0, size);
            return ((int)first, last <= first ? 0 : (int)((last - first - 1) / step) + 1);
        }

        first = Math.Clamp(first, -1, size - 1);
        last = Math.Clamp(last, -1, size - 1);
        return ((int)first, first <= last ? 0 : (int)((first - last - 1) / Magnitude(step)) + 1);
    }

    private static long Magnitude(long step) => step == long.MinValue ? long.MaxValue : -step;

    private static OnnxFormatException Misfit(int[] from, ReadOnlySpan<long> to) =>
        new($"A Reshape of [{string.Join(", ", from)}] to [{string.Join(", ", to.ToArray())}] does not fit.");
}
