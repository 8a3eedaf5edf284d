using System;
using System.Linq;

namespace Kernels.Onnx.Folding;

/// <summary>Axes as ONNX counts them: negative ones from the end.</summary>
internal static class Axes
{
    /// <summary>An axis of a tensor.</summary>
    /// <exception cref="OnnxFormatException">There is no such axis.</exception>
    public static int Of(long axis, int rank) => axis >= -rank && axis < rank
        ? (int)(axis < 0 ? axis + rank : axis)
        : throw new OnnxFormatException($"A tensor of {rank} dimensions has no axis {axis}.");

    /// <summary>Several axes of a tensor, each once, in ascending order.</summary>
    /// <exception cref="OnnxFormatException">There is no such axis, or one is named twice.</exception>
    public static int[] Of(ReadOnlySpan<long> axes, int rank)
    {
        int[] result = [.. axes.ToArray().Select(axis => Of(axis, rank)).Order()];
        return result.Distinct().Count() == result.Length ? result : throw new OnnxFormatException("An axis is named twice.");
    }
}
