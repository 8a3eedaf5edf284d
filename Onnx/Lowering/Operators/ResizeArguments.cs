using System;
using System.Linq;
using Kernels.Layers;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Lowering.Operators;

/// <summary>The size of a resized image and how its pixels lie among those of the input.</summary>
/// <param name="Height">Rows of the output.</param>
/// <param name="Width">Columns of the output.</param>
/// <param name="ScaleHeight">The vertical factor that the file names; 0 where it names a size.</param>
/// <param name="ScaleWidth">The horizontal factor that the file names; 0 where it names a size.</param>
/// <param name="Mode">Nearest or bilinear.</param>
/// <param name="Coordinates">Where pixels lie.</param>
/// <param name="Rounding">Which neighbour is the nearest one.</param>
internal sealed record ResizeArguments(
    int Height, int Width, double ScaleHeight, double ScaleWidth, UpsampleMode Mode, PixelCoordinates Coordinates, NearestRounding Rounding)
{
    /// <summary>Whether an output of the input's size is the input.</summary>
    public bool IsExact => (ScaleHeight is 0 or 1) && (ScaleWidth is 0 or 1);

    /// <summary>Reads a Resize.</summary>
    public static ResizeArguments Of(Call call, Term x)
    {
        OnnxNode node = call.Node;
        call.Require(node.Int("antialias", 0) == 0, "resizing with antialias is not supported");
        string coordinates = node.Opset < 11 ? "asymmetric" : node.Text("coordinate_transformation_mode", "half_pixel");
        string rounding = node.Opset < 11 ? "floor" : node.Text("nearest_mode", "round_prefer_floor");
        string mode = node.Text("mode", "nearest");
        OnnxTensor? scales = call.OptionalConstant(node.Opset < 11 ? 1 : 2, "scales");
        OnnxTensor? sizes = call.OptionalConstant(3, "sizes");
        int[] axes = node.Ints("axes") is { } named ? [.. named.Select(axis => Folding.Axes.Of(axis, x.Rank))] : [.. Enumerable.Range(0, x.Rank)];
        if (scales is { Count: > 0 })
        {
            return Of(x, Spread(call, axes, x.Rank, scales.RealArray), mode, coordinates, rounding);
        }

        if (sizes is not { Count: > 0 })
        {
            throw new OnnxFormatException($"The Resize {node.Name} has neither scales nor sizes.");
        }

        float[] target = Spread(call, axes, x.Rank, sizes.RealArray, x.Shape);
        string policy = node.Text("keep_aspect_ratio_policy", "stretch");
        if (policy is "not_larger" or "not_smaller")
        {
            double[] factors = [.. axes.Select(axis => (double)target[axis] / x.Shape[axis])];
            double factor = policy == "not_larger" ? factors.Min() : factors.Max();
            foreach (int axis in axes)
            {
                target[axis] = (float)Math.Floor(factor * x.Shape[axis] + 0.5);
            }

            return Sized(x, target, mode, coordinates, rounding) with { ScaleHeight = axes.Contains(x.Rank - 2) ? factor : 1, ScaleWidth = axes.Contains(x.Rank - 1) ? factor : 1 };
        }

        call.Require(policy == "stretch", $"its keep_aspect_ratio_policy is {policy}");
        return Sized(x, target, mode, coordinates, rounding);
    }

    /// <summary>An image resized by factors.</summary>
    public static ResizeArguments Of(Term x, float[] scales, string mode, string coordinates, string rounding)
    {
        for (int i = 0; i < scales.Length; i++)
        {
            if (!(scales[i] > 0) || !float.IsFinite(scales[i]) || x.Shape[i] * (double)scales[i] >= int.MaxValue)
            {
                throw new OnnxFormatException($"A Resize has the scale {scales[i]}.");
            }
        }

        float[] sizes = [.. scales.Select((scale, i) => (float)Math.Floor(x.Shape[i] * (double)scale))];
        return Sized(x, sizes, mode, coordinates, rounding) with { ScaleHeight = x.Rank == 4 ? scales[2] : 1, ScaleWidth = scales[^1] };
    }

    /// <summary>The layer. A size that is a whole multiple of the input's is a factor, so that the network takes images of other sizes too.</summary>
    public UpsampleSpec Spec(Shape4 from)
    {
        double rows = ScaleHeight != 0 ? ScaleHeight : Height % from.H == 0 ? Height / from.H : 0;
        double columns = ScaleWidth != 0 ? ScaleWidth : Width % from.W == 0 ? Width / from.W : 0;
        UpsampleSpec spec = rows != 0 && columns != 0 ? UpsampleSpec.ByFactor(Mode, rows, columns) : UpsampleSpec.ToSize(Mode, Height, Width);
        if (spec.OutputShape(from) is var to && (to.H != Height || to.W != Width))
        {
            throw new LoweringException($"its output of {Height}x{Width} is not that of its scale");
        }

        // For whole factors all roundings of the nearest neighbour copy each pixel as often: PyTorch's name for it then.
        return IsPlainNearest(from) ? spec : spec with { Coordinates = Coordinates, Rounding = Rounding };
    }

    private bool IsPlainNearest(Shape4 from) => Mode == UpsampleMode.Nearest
        && Height % from.H == 0 && Width % from.W == 0
        && ((Coordinates == PixelCoordinates.Asymmetric && Rounding == NearestRounding.Floor)
            || (Coordinates is PixelCoordinates.HalfPixel or PixelCoordinates.HalfPixelOrZero && Rounding is NearestRounding.RoundPreferCeil or NearestRounding.RoundPreferFloor));

    private static ResizeArguments Sized(Term x, float[] sizes, string mode, string coordinates, string rounding)
    {
        for (int i = 0; i < sizes.Length; i++)
        {
            if (i < 2 && sizes[i] != x.Shape[i])
            {
                throw new LoweringException("it resizes batch or channels; rows and columns are supported");
            }

            if (sizes[i] is < 1 or >= int.MaxValue)
            {
                throw new LoweringException($"it makes an image of {sizes[^1]} columns");
            }
        }

        UpsampleMode upsample = mode switch
        {
            "nearest" => UpsampleMode.Nearest,
            "linear" or "bilinear" => coordinates == "align_corners" ? UpsampleMode.BilinearAlignCorners : UpsampleMode.Bilinear,
            _ => throw new LoweringException($"resizing with the mode {mode} is not supported; nearest and linear are"),
        };
        int height = x.Rank == 4 ? (int)sizes[2] : 1;
        return new ResizeArguments(height, (int)sizes[^1], 0, 0, upsample, CoordinatesOf(coordinates, x, sizes), RoundingOf(rounding));
    }

    private static PixelCoordinates CoordinatesOf(string coordinates, Term x, float[] sizes) => coordinates switch
    {
        "half_pixel" => PixelCoordinates.HalfPixel,

        // The same where the size is a whole multiple.
        "half_pixel_symmetric" when sizes.Select((size, i) => size % x.Shape[i] == 0).All(static isWhole => isWhole) => PixelCoordinates.HalfPixel,
        "half_pixel_symmetric" => PixelCoordinates.HalfPixelSymmetric,
        "pytorch_half_pixel" => PixelCoordinates.HalfPixelOrZero,
        "align_corners" => PixelCoordinates.AlignCorners,
        "asymmetric" => PixelCoordinates.Asymmetric,
        _ => throw new LoweringException($"resizing with the coordinates {coordinates} is not supported"),
    };

    private static NearestRounding RoundingOf(string rounding) => rounding switch
    {
        "floor" => NearestRounding.Floor,
        "ceil" => NearestRounding.Ceil,
        "round_prefer_floor" => NearestRounding.RoundPreferFloor,
        "round_prefer_ceil" => NearestRounding.RoundPreferCeil,
        _ => throw new LoweringException($"its nearest_mode is {rounding}"),
    };

    /// <summary>Numbers for some axes as numbers for all.</summary>
    private static float[] Spread(Call call, int[] axes, int rank, float[] numbers, int[]? others = null)
    {
        if (numbers.Length != axes.Length)
        {
            throw new OnnxFormatException($"The Resize {call.Node.Name} has {numbers.Length} numbers for {axes.Length} axes.");
        }

        float[] result = [.. Enumerable.Range(0, rank).Select(i => others is null ? 1f : others[i])];
        for (int i = 0; i < axes.Length; i++)
        {
            result[axes[i]] = numbers[i];
        }

        return result;
    }
}
