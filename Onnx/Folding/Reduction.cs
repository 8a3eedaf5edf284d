using System;
using System.Linq;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Folding;

/// <summary>Reductions of constants.</summary>
internal static class Reduction
{
    /// <summary>A reduction; null when the operator is none.</summary>
    public static OnnxTensor? Fold(OnnxNode node, OnnxTensor x, long[]? axes)
    {
        if (node.Operator is not ("ReduceMean" or "ReduceSum" or "ReduceProd" or "ReduceMax" or "ReduceMin"))
        {
            return null;
        }

        if (axes is not { Length: > 0 } && node.Int("noop_with_empty_axes", 0) != 0)
        {
            return x;
        }

        int[] reduced = axes is { Length: > 0 } ? Axes.Of(axes, x.Rank) : [.. Enumerable.Range(0, x.Rank)];
        int[] kept = [.. x.Shape.Select((size, axis) => reduced.Contains(axis) ? 1 : size)];
        int[] places = Strides.BroadcastPlaces(kept, x.Shape);
        var result = new double[OnnxTensor.CountOf(kept)];
        result.AsSpan().Fill(node.Operator switch { "ReduceProd" => 1, "ReduceMax" => double.NegativeInfinity, "ReduceMin" => double.PositiveInfinity, _ => 0 });
        double[] values = x.Type.IsReal() ? Array.ConvertAll(x.RealArray, static v => (double)v) : Array.ConvertAll(x.Integers.ToArray(), static v => (double)v);
        for (int i = 0; i < places.Length; i++)
        {
            double value = values[i];
            ref double target = ref result[places[i]];
            target = node.Operator switch { "ReduceProd" => target * value, "ReduceMax" => Math.Max(target, value), "ReduceMin" => Math.Min(target, value), _ => target + value };
        }

        if (node.Operator == "ReduceMean")
        {
            result = Array.ConvertAll(result, sum => sum * result.Length / x.Count);
        }

        int[] shape = node.Int("keepdims", 1) != 0 ? kept : [.. x.Shape.Where((_, axis) => !reduced.Contains(axis))];
        return x.Type.IsReal()
            ? OnnxTensor.Of(shape, Array.ConvertAll(result, static v => (float)v), x.Type)
            : OnnxTensor.Of(shape, Array.ConvertAll(result, static v => (long)Math.Clamp(v, long.MinValue, long.MaxValue)), x.Type);
    }
}
