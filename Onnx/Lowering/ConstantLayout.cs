using System;
using Kernels.Onnx.Folding;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Lowering;

/// <summary>Constants as steps read them.</summary>
internal static class ConstantLayout
{
    /// <summary>A constant as a tensor, each dimension on its axis.</summary>
    public static FloatTensor Tensor(OnnxTensor constant, int[] axes)
    {
        int[] sizes = [1, 1, 1, 1];
        int[] strides = [0, 0, 0, 0];
        int[] own = Strides.Of(constant.Shape);
        for (int i = 0; i < axes.Length; i++)
        {
            sizes[axes[i]] = constant.Shape[i];
            strides[axes[i]] = own[i];
        }

        // Memory is in the order n, h, w, c.
        int[] places = Strides.Places([sizes[0], sizes[2], sizes[3], sizes[1]], [strides[0], strides[2], strides[3], strides[1]], 0);
        float[] values = constant.RealArray;
        return new FloatTensor(new Shape4(sizes[0], sizes[1], sizes[2], sizes[3]), Array.ConvertAll(places, i => values[i]));
    }

    /// <summary>The numbers of a constant that is the same everywhere, or differs between channels only; null when it is neither.</summary>
    /// <param name="constant">The constant, broadcast to a term.</param>
    /// <param name="term">The term.</param>
    public static float[]? PerChannel(OnnxTensor constant, Term term)
    {
        if (constant.Count == 1)
        {
            return [constant.Reals[0]];
        }

        for (int i = 1; i <= constant.Rank; i++)
        {
            int dimension = term.Rank - i;
            if (constant.Shape[^i] != 1 && (dimension < 0 || term.Axes[dimension] != 1 || constant.Shape[^i] != term.Shape[dimension]))
            {
                return null;
            }
        }

        return constant.RealArray;
    }
}
