using System;
using System.Linq;
using Kernels.Layers;

namespace Kernels.Onnx.Lowering.Operators;

/// <summary>Gives values under more than four dimensions four or fewer again.</summary>
internal static class ViewLowering
{
    /// <summary>The elements of a view in another shape.</summary>
    public static Term To(Call call, ShapeView view, int[] shape)
    {
        if (view.IsPlain)
        {
            return ShapeOperators.To(call, view.Source, shape);
        }

        if (Shuffle(call, view, shape) is { } shuffled)
        {
            return shuffled;
        }

        ShapeView merged = view.Merged();
        call.Require(merged.Dims.Length <= 4, $"a Transpose of {view.Dims.Length} dimensions is supported in PixelShuffle and its inverse, and where four dimensions would do");
        Term source = ShapeOperators.To(call, view.Source, merged.Dims);
        Term turned = Term.Of(source.Step, merged.Shape, Array.ConvertAll(merged.Order, i => source.Axes[i]));
        return ShapeOperators.To(call, turned, shape);
    }

    /// <summary>PixelShuffle and its inverse, as exporters write them; null when it is neither.</summary>
    private static Term? Shuffle(Call call, ShapeView view, int[] shape)
    {
        Term x = view.Source;
        if (view.Dims.Length != 6 || shape.Length != 4 || x.Rank != 4)
        {
            return null;
        }

        int[] d = view.Dims;
        (bool isShuffle, int factor, bool pixelsFirst, int[] from, int[] to) = view.Order switch
        {
            // [n, c, r, r, h, w] to [n, c, h r, w r]
            [0, 1, 4, 2, 5, 3] when d[2] == d[3] => (true, d[2], false, new[] { d[0], d[1] * d[2] * d[3], d[4], d[5] }, new[] { d[0], d[1], d[4] * d[2], d[5] * d[3] }),

            // [n, r, r, c, h, w] to [n, c, h r, w r]
            [0, 3, 4, 1, 5, 2] when d[1] == d[2] => (true, d[1], true, new[] { d[0], d[1] * d[2] * d[3], d[4], d[5] }, new[] { d[0], d[3], d[4] * d[1], d[5] * d[2] }),

            // [n, c, h, r, w, r] to [n, c r r, h, w]
            [0, 1, 3, 5, 2, 4] when d[3] == d[5] => (false, d[3], false, new[] { d[0], d[1], d[2] * d[3], d[4] * d[5] }, new[] { d[0], d[1] * d[3] * d[5], d[2], d[4] }),
            [0, 3, 5, 1, 2, 4] when d[3] == d[5] => (false, d[3], true, new[] { d[0], d[1], d[2] * d[3], d[4] * d[5] }, new[] { d[0], d[1] * d[3] * d[5], d[2], d[4] }),
            _ => default,
        };
        if (factor == 0 || !from.AsSpan().SequenceEqual(x.Shape) || !to.AsSpan().SequenceEqual(shape))
        {
            return null;
        }

        var spec = new PixelShuffleSpec(factor) { PixelsFirst = pixelsFirst };
        return call.Add(isShuffle ? Operations.PixelShuffle(spec) : Operations.PixelUnshuffle(spec), shape, call.Context.Default(x, call.Node));
    }
}
