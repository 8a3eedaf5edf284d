using System;
using System.Linq;

namespace Kernels.Onnx.Lowering.Operators;

/// <summary>The window of a convolution or pooling: attributes of ONNX, with a height of 1 where there is one axis only.</summary>
internal sealed record Window(int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth, int DilationHeight, int DilationWidth, int Dimensions)
{
    /// <summary>Reads a node's window.</summary>
    /// <param name="call">The node.</param>
    /// <param name="kernel">Its kernel, when the weights say it; otherwise the attribute does.</param>
    public static Window Of(Call call, ReadOnlySpan<int> kernel = default)
    {
        long[]? attribute = call.Node.Ints("kernel_shape");
        long[] taps = kernel.IsEmpty
            ? attribute ?? throw new OnnxFormatException($"The node {call.Node.Name} ({call.Node.Operator}) has no kernel_shape.")
            : [.. kernel.ToArray().Select(static size => (long)size)];
        call.Require(attribute is null || attribute.AsSpan().SequenceEqual(taps), "its kernel_shape is not that of its weights");
        call.Require(taps.Length is 1 or 2, $"it has {taps.Length} spatial dimensions; 1 and 2 are supported");
        var window = new Window(1, 1, 1, 1, 1, 1, taps.Length);
        (int height, int width) = window.Pair(taps, 1);
        (int strideHeight, int strideWidth) = window.Pair(call.Node.Ints("strides"), 1);
        (int dilationHeight, int dilationWidth) = window.Pair(call.Node.Ints("dilations"), 1);
        call.Require(height >= 1 && width >= 1 && strideHeight >= 1 && strideWidth >= 1 && dilationHeight >= 1 && dilationWidth >= 1, "its kernel, strides or dilations are below 1");
        return new Window(height, width, strideHeight, strideWidth, dilationHeight, dilationWidth, taps.Length);
    }

    /// <summary>A shape of weights or images with a height of 1 where it lacks one.</summary>
    public static int[] Extended(int[] shape) => shape.Length == 3 ? [shape[0], shape[1], 1, shape[2]] : shape;

    /// <summary>A number for rows and one for columns.</summary>
    public (int Height, int Width) Pair(long[]? numbers, int otherwise)
    {
        if (numbers is null || numbers.Length == 0)
        {
            return (otherwise, otherwise);
        }

        if (numbers.Length != Dimensions || numbers.Any(static n => n is < short.MinValue or > 1 << 24))
        {
            throw new OnnxFormatException($"The numbers [{string.Join(", ", numbers)}] do not fit {Dimensions} spatial dimensions.");
        }

        return (Dimensions == 2 ? (int)numbers[0] : otherwise, (int)numbers[^1]);
    }

    public int ExtentHeight => checked(DilationHeight * (KernelHeight - 1) + 1);

    public int ExtentWidth => checked(DilationWidth * (KernelWidth - 1) + 1);

    /// <summary>The padding of a convolution or pooling.</summary>
    public Margins Pads(Call call, Shape4 from)
    {
        string rule = call.Node.Text("auto_pad", "NOTSET");
        switch (rule)
        {
            case "NOTSET":
                Margins pads = Explicit(call);
                call.Require(!pads.IsNegative, "its padding is negative");
                return pads;
            case "VALID":
                return default;
            case "SAME_UPPER" or "SAME_LOWER":
                (int top, int bottom) = Same(from.H, StrideHeight, ExtentHeight, rule == "SAME_LOWER");
                (int left, int right) = Same(from.W, StrideWidth, ExtentWidth, rule == "SAME_LOWER");
                return Dimensions == 1 ? new Margins(left, right, 0, 0) : new Margins(left, right, top, bottom);
            default:
                throw new OnnxFormatException($"The node {call.Node.Name} has the auto_pad {rule}, which is none of ONNX's.");
        }
    }

    /// <summary>What a transposed convolution takes off its output; an output shape that is larger than the layer's becomes output padding.</summary>
    public Margins TransposedPads(Call call, Shape4 from, ref (int Height, int Width) added)
    {
        string rule = call.Node.Text("auto_pad", "NOTSET");
        long[]? outputShape = call.Node.Ints("output_shape");
        if (outputShape is null && rule is "NOTSET" or "VALID")
        {
            return rule == "VALID" ? default : Explicit(call);
        }

        call.Require(rule is "NOTSET" or "VALID" or "SAME_UPPER" or "SAME_LOWER", $"its auto_pad is {rule}");
        (int height, int width) = outputShape is null
            ? (checked(from.H * StrideHeight), checked(from.W * StrideWidth))
            : Pair(outputShape.Length == Dimensions + 2 ? outputShape[2..] : outputShape, 1);
        int rows = Dimensions == 1 ? 0 : checked((from.H - 1) * StrideHeight + ExtentHeight + added.Height) - height;
        int columns = checked((from.W - 1) * StrideWidth + ExtentWidth + added.Width) - width;
        added = (added.Height + Math.Max(-rows, 0), added.Width + Math.Max(-columns, 0));
        (int top, int bottom) = Halves(Math.Max(rows, 0), rule == "SAME_UPPER");
        (int left, int right) = Halves(Math.Max(columns, 0), rule == "SAME_UPPER");
        return new Margins(left, right, top, bottom);
    }

    private Margins Explicit(Call call)
    {
        long[]? pads = call.Node.Ints("pads");
        if (pads is null || pads.Length == 0)
        {
            return default;
        }

        if (pads.Length != 2 * Dimensions)
        {
            throw new OnnxFormatException($"The node {call.Node.Name} ({call.Node.Operator}) has {pads.Length} numbers for its padding instead of {2 * Dimensions}.");
        }

        (int top, int left) = Pair(pads[..Dimensions], 0);
        (int bottom, int right) = Pair(pads[Dimensions..], 0);
        return new Margins(left, right, top, bottom);
    }

    private static (int Begin, int End) Same(int size, int stride, int extent, bool isLower)
    {
        int outputs = (size + stride - 1) / stride;
        int total = Math.Max(checked((outputs - 1) * stride + extent) - size, 0);
        return isLower ? (total - total / 2, total / 2) : (total / 2, total - total / 2);
    }

    /// <summary>Halves of a padding; of an odd one, the greater at the end for SAME_UPPER and at the beginning otherwise, as ONNX has it.</summary>
    private static (int Begin, int End) Halves(int total, bool isUpper) => isUpper ? (total / 2, total - total / 2) : (total - total / 2, total / 2);
}
