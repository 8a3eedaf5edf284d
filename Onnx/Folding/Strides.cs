using System;

namespace Kernels.Onnx.Folding;

/// <summary>Where elements of row-major tensors are.</summary>
internal static class Strides
{
    /// <summary>The shape of an elementwise operator of two tensors, by ONNX's rule of broadcasting.</summary>
    /// <exception cref="OnnxFormatException">The shapes do not fit each other.</exception>
    public static int[] Broadcast(int[] first, int[] second)
    {
        var shape = new int[Math.Max(first.Length, second.Length)];
        for (int i = 1; i <= shape.Length; i++)
        {
            int a = i <= first.Length ? first[^i] : 1;
            int b = i <= second.Length ? second[^i] : 1;
            shape[^i] = a == b || b == 1 ? a : a == 1 ? b : throw new OnnxFormatException($"The shapes [{string.Join(", ", first)}] and [{string.Join(", ", second)}] do not fit each other.");
        }

        return shape;
    }

    /// <summary>For each element of a tensor that another one is broadcast to, the place in that other one.</summary>
    public static int[] BroadcastPlaces(int[] from, int[] to)
    {
        var strides = new int[to.Length];
        int stride = 1;
        for (int i = 1; i <= from.Length; i++)
        {
            strides[^i] = from[^i] == 1 ? 0 : stride;
            stride *= from[^i];
        }

        return Places(to, strides, 0);
    }

    /// <summary>Row-major strides of a shape.</summary>
    public static int[] Of(int[] shape)
    {
        var strides = new int[shape.Length];
        int stride = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= shape[i];
        }

        return strides;
    }

    /// <summary>For each element of a shape, in row-major order, where it is in memory.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="strides">Distance of neighbours along each axis.</param>
    /// <param name="start">The place of the first element.</param>
    public static int[] Places(int[] shape, int[] strides, int start)
    {
        var places = new int[Graphs.OnnxTensor.CountOf(shape)];
        var index = new int[shape.Length];
        int place = start;
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = place;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                place += strides[axis];
                if (++index[axis] < shape[axis])
                {
                    break;
                }

                place -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }

        return places;
    }
}
