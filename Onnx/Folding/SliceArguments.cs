using System;
using System.Linq;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Folding;

/// <summary>What a Slice takes along each axis of a tensor.</summary>
/// <param name="Starts">First element.</param>
/// <param name="Counts">Number of elements.</param>
/// <param name="Steps">Distance between them.</param>
internal sealed record SliceArguments(int[] Starts, int[] Counts, int[] Steps)
{
    /// <summary>Reads the arguments: attributes before opset 10, inputs since.</summary>
    /// <param name="node">The Slice.</param>
    /// <param name="shape">Shape of what it slices.</param>
    /// <param name="constant">Finds an input that must be constant; null when it is left out.</param>
    public static SliceArguments Of(OnnxNode node, int[] shape, Func<int, OnnxTensor?> constant)
    {
        long[]? starts = node.Ints("starts") ?? constant(1)?.Integers.ToArray();
        long[]? ends = node.Ints("ends") ?? constant(2)?.Integers.ToArray();
        if (starts is null || ends is null || starts.Length != ends.Length)
        {
            throw new OnnxFormatException($"The Slice {node.Name} needs as many starts as ends.");
        }

        long[] axes = node.Ints("axes") ?? constant(3)?.Integers.ToArray() ?? [.. Enumerable.Range(0, starts.Length).Select(static i => (long)i)];
        long[] steps = constant(4)?.Integers.ToArray() ?? [.. Enumerable.Repeat(1L, starts.Length)];
        if (axes.Length != starts.Length || steps.Length != starts.Length)
        {
            throw new OnnxFormatException($"The Slice {node.Name} needs an axis and a step for each start.");
        }

        Axes.Of(axes, shape.Length);
        var result = new SliceArguments(new int[shape.Length], [.. shape], [.. Enumerable.Repeat(1, shape.Length)]);
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = Axes.Of(axes[i], shape.Length);
            (result.Starts[axis], result.Counts[axis]) = ShapeRules.Slice(shape[axis], starts[i], ends[i], steps[i]);
            result.Steps[axis] = (int)Math.Clamp(steps[i], -int.MaxValue, int.MaxValue);
        }

        return result;
    }
}
