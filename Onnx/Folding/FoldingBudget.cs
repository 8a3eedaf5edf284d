using System;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Folding;

/// <summary>
/// Bounds the elements that constant folding makes, so that a small file cannot ask for any amount of memory: as many as the file has
/// itself, many times over, or <see cref="Least"/>.
/// </summary>
/// <param name="constants">Elements of the file's constants.</param>
internal sealed class FoldingBudget(long constants)
{
    private const long Least = 1 << 20;
    private long _left = Math.Max(Least, 16 * constants);

    /// <summary>Takes the elements of a new constant.</summary>
    /// <exception cref="OnnxFormatException">There are too many.</exception>
    public void Take(ReadOnlySpan<int> shape)
    {
        _left -= OnnxTensor.CountOf(shape);
        if (_left < 0)
        {
            throw new OnnxFormatException("The constants of the graph grow beyond all bounds when they are computed.");
        }
    }
}
