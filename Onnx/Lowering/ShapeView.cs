using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Lowering;

/// <summary>
/// A value under a shape of more than four dimensions, and perhaps with those in another order: nothing is computed until it gets four dimensions or
/// fewer again, as in a PixelShuffle that is written as Reshape, Transpose, Reshape.
/// </summary>
/// <param name="Source">The value.</param>
/// <param name="Dims">Its elements in row-major order under these dimensions.</param>
/// <param name="Order">Which of those each dimension is.</param>
internal sealed record ShapeView(Term Source, int[] Dims, int[] Order)
{
    /// <summary>The dimensions in their order.</summary>
    public int[] Shape => Array.ConvertAll(Order, i => Dims[i]);

    public bool IsPlain => Order.Where((axis, i) => axis != i).Count() == 0;

    /// <summary>The view with its dimensions in another order.</summary>
    public ShapeView Transpose(int[] order) => this with { Order = Array.ConvertAll(order, i => Order[i]) };

    /// <summary>The view with dimensions of 1 left out, and those as one that stay side by side.</summary>
    public ShapeView Merged()
    {
        int[] large = [.. Enumerable.Range(0, Dims.Length).Where(i => Dims[i] != 1)];
        int[] order = [.. Order.Where(i => Dims[i] != 1).Select(i => Array.IndexOf(large, i))];
        var firsts = new List<int>();
        for (int i = 0; i < order.Length; i++)
        {
            if (i == 0 || order[i] != order[i - 1] + 1)
            {
                firsts.Add(order[i]);
            }
        }

        // Each run starts with a dimension and ends before the next start.
        int[] starts = [.. firsts.Order()];
        int[] dims = [.. starts.Select((start, i) => OnnxTensor.CountOf(Array.ConvertAll(large[start..(i + 1 < starts.Length ? starts[i + 1] : large.Length)], axis => Dims[axis])))];
        return new ShapeView(Source, dims, [.. firsts.Select(first => Array.IndexOf(starts, first))]);
    }
}
