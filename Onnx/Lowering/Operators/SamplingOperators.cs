using System;
using System.Linq;
using Kernels.Layers;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Lowering.Operators;

/// <summary>Pad, Resize and their like.</summary>
internal static class SamplingOperators
{
    public static Term Pad(Call call)
    {
        Term x = call.Input(0);
        long[] pads = call.Node.Ints("paddings") ?? call.Numbers("pads", 1) ?? throw new OnnxFormatException($"The Pad {call.Node.Name} has no pads.");
        float value = call.Node.Has("value") ? call.Node.Float("value", 0) : call.OptionalConstant(2, "value")?.Reals[0] ?? 0f;
        int[] axes = call.OptionalConstant(3, "axes") is { } named
            ? [.. named.Integers.ToArray().Select(axis => Folding.Axes.Of(axis, x.Rank))]
            : [.. Enumerable.Range(0, x.Rank)];
        if (pads.Length != 2 * axes.Length || pads.Any(static p => Math.Abs(p) > 1 << 24))
        {
            throw new OnnxFormatException($"The Pad {call.Node.Name} has {pads.Length} pads for {axes.Length} axes.");
        }

        PadMode mode = call.Node.Text("mode", "constant") switch
        {
            "constant" => PadMode.Constant,
            "reflect" => PadMode.Reflect,
            "edge" => PadMode.Replicate,
            "wrap" => PadMode.Circular,
            string other => throw new OnnxFormatException($"The Pad {call.Node.Name} has the mode {other}, which is none of ONNX's."),
        };
        var begins = new int[x.Rank];
        var ends = new int[x.Rank];
        for (int i = 0; i < axes.Length; i++)
        {
            begins[axes[i]] = (int)pads[i];
            ends[axes[i]] = (int)pads[axes.Length + i];
        }

        return Padded(call, x, begins, ends, mode, value);
    }

    private static Term Padded(Call call, Term x, int[] begins, int[] ends, PadMode mode, float value)
    {
        int[] changed = [.. Enumerable.Range(0, x.Rank).Where(i => begins[i] != 0 || ends[i] != 0)];
        call.Require(changed.Length <= 2, $"it pads {changed.Length} dimensions; two are supported");
        if (changed.Length == 0)
        {
            return x;
        }

        // Rows and columns are padded: other dimensions change places with them for a moment.
        int[] axes = [.. x.Axes];
        for (int i = 0; i < changed.Length; i++)
        {
            int from = changed[i];
            if (axes[from] is 2 or 3)
            {
                continue;
            }

            int target = new[] { 3, 2 }.First(axis => !changed.Any(d => axes[d] == axis));
            int other = Array.IndexOf(axes, target);
            if (other >= 0)
            {
                axes[other] = axes[from];
            }

            axes[from] = target;
        }

        Term y = call.Context.On(x, axes, call.Node);
        int Of(int axis, int[] sizes) => Array.IndexOf(axes, axis) is >= 0 and var d ? sizes[d] : 0;
        var added = new Margins(Math.Max(Of(3, begins), 0), Math.Max(Of(3, ends), 0), Math.Max(Of(2, begins), 0), Math.Max(Of(2, ends), 0));
        var cut = new Margins(Math.Max(-Of(3, begins), 0), Math.Max(-Of(3, ends), 0), Math.Max(-Of(2, begins), 0), Math.Max(-Of(2, ends), 0));
        int[] shape = [.. y.Shape];
        if (!cut.IsNone)
        {
            shape = [.. shape.Select((size, i) => size + Math.Min(begins[i], 0) + Math.Min(ends[i], 0))];
            call.Require(shape.All(static size => size >= 1), "it cuts off all that there is");
            y = call.Context.Add(call.Node.Name + "_crop", call.Node, Operations.Crop(new CropSpec(cut.Left, cut.Right, cut.Top, cut.Bottom)), shape, axes, y);
        }

        if (!added.IsNone)
        {
            var spec = new PadSpec(added.Left, added.Right, added.Top, added.Bottom, mode, value);
            spec.OutputShape(y.Physical);
            shape = [.. shape.Select((size, i) => checked(size + Math.Max(begins[i], 0) + Math.Max(ends[i], 0)))];
            y = call.Context.Add(call.Node.Name, call.Node, Operations.Pad(spec), shape, axes, y);
        }

        return call.Context.On(y, x.Axes, call.Node);
    }

    public static Term Upsample(Call call)
    {
        Term x = Spatial.Image(call, 0);
        float[]? scales = call.Node.Attributes.TryGetValue("scales", out OnnxAttribute? attribute) ? attribute.Value as float[] : call.Constant(1, "scales").RealArray;
        if (scales is null || scales.Length != x.Rank)
        {
            throw new OnnxFormatException($"The Upsample {call.Node.Name} needs a scale for each dimension.");
        }

        ResizeArguments arguments = ResizeArguments.Of(x, scales, call.Node.Text("mode", "nearest"), "asymmetric", "floor");
        return Resized(call, x, arguments);
    }

    public static Term Resize(Call call)
    {
        Term x = Spatial.Image(call, 0);
        return Resized(call, x, ResizeArguments.Of(call, x));
    }

    private static Term Resized(Call call, Term x, ResizeArguments arguments)
    {
        if (arguments.Height == x.Physical.H && arguments.Width == x.Physical.W && arguments.IsExact)
        {
            return x;
        }

        UpsampleSpec spec = arguments.Spec(x.Physical);
        return Spatial.Add(call, Operations.Upsample(spec), x, x.Physical with { H = arguments.Height, W = arguments.Width });
    }

    public static Term DepthToSpace(Call call)
    {
        Term x = Spatial.Image(call, 0);
        int block = BlockSize(call);
        Shape4 from = x.Physical;
        call.Require(x.Rank == 4 && from.C % (block * block) == 0, $"{from.C} channels are not divisible into blocks of {block}x{block}");
        var spec = new PixelShuffleSpec(block) { PixelsFirst = call.Node.Text("mode", "DCR") == "DCR" };
        return Spatial.Add(call, Operations.PixelShuffle(spec), x, new Shape4(from.N, from.C / (block * block), from.H * block, from.W * block));
    }

    public static Term SpaceToDepth(Call call)
    {
        Term x = Spatial.Image(call, 0);
        int block = BlockSize(call);
        Shape4 from = x.Physical;
        call.Require(x.Rank == 4 && from.H % block == 0 && from.W % block == 0, $"an image of {from.H}x{from.W} is not divisible into blocks of {block}x{block}");
        var spec = new PixelShuffleSpec(block) { PixelsFirst = true };
        return Spatial.Add(call, Operations.PixelUnshuffle(spec), x, new Shape4(from.N, checked(from.C * block * block), from.H / block, from.W / block));
    }

    private static int BlockSize(Call call)
    {
        long block = call.Node.Int("blocksize", 0);
        return block is >= 1 and <= 1024 ? (int)block : throw new OnnxFormatException($"The node {call.Node.Name} ({call.Node.Operator}) has the blocksize {block}.");
    }
}
