using System;

namespace Kernels;

/// <summary>Conversion between PyTorch's NCHW order and the channels-last order of this library's memory.</summary>
internal static class ChannelsLast
{
    /// <summary>Where an element lies.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside its dimension.</exception>
    public static int Index(Shape4 shape, int n, int c, int h, int w)
    {
        if ((uint)n >= (uint)shape.N || (uint)c >= (uint)shape.C || (uint)h >= (uint)shape.H || (uint)w >= (uint)shape.W)
        {
            throw new ArgumentOutOfRangeException(nameof(n), $"The tensor {shape} has no element [{n}, {c}, {h}, {w}].");
        }

        return ((n * shape.H + h) * shape.W + w) * shape.C + c;
    }

    /// <summary>Copies NCHW elements to channels-last order.</summary>
    public static void FromNchw<T>(Shape4 shape, ReadOnlySpan<T> nchw, Span<T> nhwc)
    {
        int pixels = shape.H * shape.W;
        for (int n = 0; n < shape.N; n++)
        {
            for (int c = 0; c < shape.C; c++)
            {
                ReadOnlySpan<T> plane = nchw.Slice((n * shape.C + c) * pixels, pixels);
                int target = n * pixels * shape.C + c;
                for (int i = 0; i < plane.Length; i++)
                {
                    nhwc[target + i * shape.C] = plane[i];
                }
            }
        }
    }

    /// <summary>Copies channels-last elements to NCHW order.</summary>
    public static void ToNchw<T>(Shape4 shape, ReadOnlySpan<T> nhwc, Span<T> nchw)
    {
        int pixels = shape.H * shape.W;
        for (int n = 0; n < shape.N; n++)
        {
            for (int c = 0; c < shape.C; c++)
            {
                Span<T> plane = nchw.Slice((n * shape.C + c) * pixels, pixels);
                int source = n * pixels * shape.C + c;
                for (int i = 0; i < plane.Length; i++)
                {
                    plane[i] = nhwc[source + i * shape.C];
                }
            }
        }
    }
}
