using System;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Lowering.Operators;

/// <summary>Conv and ConvTranspose.</summary>
internal static class ConvolutionOperators
{
    public static Term Conv(Call call)
    {
        (Term x, OnnxTensor weight, OnnxTensor? bias, Window window) = Read(call);
        int groups = Groups(call);
        int[] w = Window.Extended(weight.Shape);
        Shape4 from = x.Physical;
        call.Require((long)w[1] * groups == from.C, $"its weights read {(long)w[1] * groups} channels in {groups} groups, but the input has {from.C}");
        call.Require(groups <= w[0] && w[0] % groups == 0, $"{w[0]} output channels are not divisible by {groups} groups");
        Margins pads = window.Pads(call, from);
        if (!pads.IsSymmetric)
        {
            x = Spatial.Pad(call, x, pads);
            from = x.Physical;
            pads = default;
        }

        var spec = new ConvolutionSpec
        {
            Kind = ConvolutionKind.Conv2d,
            InChannels = from.C,
            OutChannels = w[0],
            KernelHeight = window.KernelHeight,
            KernelWidth = window.KernelWidth,
            StrideHeight = window.StrideHeight,
            StrideWidth = window.StrideWidth,
            PaddingHeight = pads.Top,
            PaddingWidth = pads.Left,
            DilationHeight = window.DilationHeight,
            DilationWidth = window.DilationWidth,
            Groups = groups,
            HasBias = bias is not null,
        };
        return Spatial.Add(call, Operations.Convolution(spec, Weights(spec, weight, bias)) with { WeightScales = WeightScales.Of(spec, weight), BiasScales = bias?.Quantization is { IsInt32: true } codes ? codes.Scales : null }, x, spec.OutputShape(from));
    }

    public static Term ConvTranspose(Call call)
    {
        (Term x, OnnxTensor weight, OnnxTensor? bias, Window window) = Read(call);
        int groups = Groups(call);
        int[] w = Window.Extended(weight.Shape);
        Shape4 from = x.Physical;
        call.Require(w[0] == from.C && w[0] % groups == 0, $"its weights read {w[0]} channels in {groups} groups, but the input has {from.C}");
        (int Height, int Width) added = window.Pair(call.Node.Ints("output_padding"), 0);
        Margins pads = window.TransposedPads(call, from, ref added);

        // The layer takes the same off both sides; what is left over at the end is its output padding, or is cut off behind it.
        int rows = added.Height + pads.Top - pads.Bottom;
        int columns = added.Width + pads.Left - pads.Right;
        call.Require(
            pads.Top >= 0 && pads.Left >= 0 && rows < Math.Max(window.StrideHeight, window.DilationHeight) && columns < Math.Max(window.StrideWidth, window.DilationWidth),
            "its output reaches further beyond its input than a transposed convolution can");
        var spec = new ConvolutionSpec
        {
            Kind = ConvolutionKind.ConvTranspose2d,
            InChannels = w[0],
            OutChannels = checked(w[1] * groups),
            KernelHeight = window.KernelHeight,
            KernelWidth = window.KernelWidth,
            StrideHeight = window.StrideHeight,
            StrideWidth = window.StrideWidth,
            PaddingHeight = pads.Top,
            PaddingWidth = pads.Left,
            OutputPaddingHeight = Math.Max(rows, 0),
            OutputPaddingWidth = Math.Max(columns, 0),
            DilationHeight = window.DilationHeight,
            DilationWidth = window.DilationWidth,
            Groups = groups,
            HasBias = bias is not null,
        };
        Term y = Spatial.Add(call, Operations.Convolution(spec, Weights(spec, weight, bias)) with { WeightScales = WeightScales.Of(spec, weight), BiasScales = bias?.Quantization is { IsInt32: true } codes ? codes.Scales : null }, x, spec.OutputShape(from));
        return rows >= 0 && columns >= 0 ? y : Spatial.Crop(call, y, new Margins(0, Math.Max(-columns, 0), 0, Math.Max(-rows, 0)));
    }

    private static (Term X, OnnxTensor Weight, OnnxTensor? Bias, Window Window) Read(Call call)
    {
        Term x = Spatial.Image(call, 0);
        OnnxTensor weight = call.Constant(1, "weight");
        call.Require(weight.Rank == x.Rank, $"its weights have {weight.Rank} dimensions and its input {x.Rank}");
        call.Require(weight.Type.IsReal(), $"its weights are {weight.Type}");
        return (x, weight, call.OptionalConstant(2, "bias"), Window.Of(call, weight.Shape.AsSpan(2)));
    }

    private static int Groups(Call call)
    {
        long groups = call.Node.Int("group", 1);
        return groups is >= 1 and <= int.MaxValue ? (int)groups : throw new LoweringException($"it has {groups} groups");
    }

    private static LayerWeights Weights(ConvolutionSpec spec, OnnxTensor weight, OnnxTensor? bias) => new(new FloatWeight(spec.WeightShape, weight.RealArray), bias?.RealArray);
}
