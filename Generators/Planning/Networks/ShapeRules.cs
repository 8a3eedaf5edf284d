using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>The shape of a step's output, or why there is none.</summary>
/// <param name="Shape">What is known of it.</param>
/// <param name="Misfit">What is wrong with the inputs, to be read after "cannot take [N, 3, H, W]: "; nothing when all is right.</param>
internal readonly record struct ShapeResult(TensorShape Shape, string? Misfit = null);

/// <summary>What is known of the shapes that layers and functions make; PyTorch's rules.</summary>
internal static class ShapeRules
{
    // Functions whose output has the shape of their input.
    private static readonly HashSet<string> Elementwise = new(StringComparer.Ordinal)
    {
        "ReLU", "ReLU6", "LeakyReLU", "HardSwish", "HardSigmoid", "Clip", "Sigmoid", "Tanh", "SiLU", "GELU", "ELU", "Mish", "Softplus", "Softmax",
        "RSub", "Affine", "Pow", "Quantize", "Dequantize",
    };

    /// <summary>The output's shape.</summary>
    /// <param name="operation">The function's name.</param>
    /// <param name="arguments">Its numbers, in the order of its parameters.</param>
    /// <param name="inputs">Shapes of what it reads.</param>
    /// <param name="layer">What it computes, when it is a layer.</param>
    public static ShapeResult Of(string operation, object?[] arguments, TensorShape[] inputs, LayerSpec? layer)
    {
        TensorShape x = inputs[0];
        switch (operation)
        {
            case var _ when layer is not null:
                return Layer(layer, x);
            case var _ when Elementwise.Contains(operation):
                return new ShapeResult(x);
            case "BatchNorm2d" or "InstanceNorm2d" or "LayerNorm":
                return Channels(x, Int(arguments[0]), x with { Channels = Int(arguments[0]) });
            case "GroupNorm":
                return Channels(x, Int(arguments[1]), x with { Channels = Int(arguments[1]) });
            case "PReLU" or "ChannelAffine":
                return Int(arguments[0]) == 1 ? new ShapeResult(x) : Channels(x, Int(arguments[0]), x with { Channels = Int(arguments[0]) });
            case "Constant":
                return new ShapeResult(new TensorShape(Int(arguments[1]), Int(arguments[2]), Int(arguments[3])));
            case "Add" or "Sub" or "Mul" or "Div":
                return inputs.Length == 2 ? Binary(x, inputs[1]) : new ShapeResult(x);
            case "Cat":
                return Concatenation(inputs, arguments.Length == 0 ? 1 : Int(arguments[0]));
            case "MaxPool" or "AvgPool" when arguments.Length == 3:
                AxisSpec window = Window(Int(arguments[0]), Int(arguments[1]), Int(arguments[2]));
                return Pooling(x, window, window);
            case "MaxPool" or "AvgPool":
                return WindowOfAnyShape(operation, x, arguments);
            case "GlobalAvgPool":
                return new ShapeResult(new TensorShape(x.Channels, 1, 1));
            case "Upsample":
                double rows = Convert.ToDouble(arguments[0], CultureInfo.InvariantCulture);
                double columns = arguments.Length == 2 ? rows : Convert.ToDouble(arguments[1], CultureInfo.InvariantCulture);
                return new ShapeResult(x with { Height = (int)Math.Floor(x.Height * rows), Width = (int)Math.Floor(x.Width * columns) });
            case "UpsampleTo":
                return new ShapeResult(x with { Height = Int(arguments[0]), Width = Int(arguments[1]) });
            case "Crop":
                (int left, int right, int top, int bottom) = Margins(arguments, single: 1);
                return Grown(x, -(top + bottom), -(left + right));
            case "Pad":
                (left, right, top, bottom) = Margins(arguments, single: 3);
                return Grown(x, top + bottom, left + right);
            case "AdaptiveAvgPool":
                return new ShapeResult(x with { Height = Int(arguments[0]), Width = Int(arguments[1]) });
            case "Mean":
                return new ShapeResult(arguments.Aggregate(x, static (shape, axis) => WithSize(shape, Int(axis), 1)));
            case "Slice":
                return new ShapeResult(WithSize(x, Int(arguments[0]), Range(x, arguments)));
            case "PixelShuffle":
                return Shuffled(x, Int(arguments[0]));
            case "PixelUnshuffle":
                int factor = Int(arguments[0]);
                return new ShapeResult(new TensorShape(x.Channels * factor * factor, x.Height / factor, x.Width / factor));
            case "Permute":
                int[] sizes = [0, x.Channels, x.Height, x.Width];
                return new ShapeResult(new TensorShape(sizes[Int(arguments[1])], sizes[Int(arguments[2])], sizes[Int(arguments[3])]));
            case "Reshape":
                // What is left over is not followed.
                return new ShapeResult(new TensorShape(Math.Max(0, Int(arguments[0])), Math.Max(0, Int(arguments[1])), Math.Max(0, Int(arguments[2]))));
            case "Flatten":
                return new ShapeResult(new TensorShape(x.IsKnown ? x.Channels * x.Height * x.Width : 0, 1, 1));
            default:
                return new ShapeResult(TensorShape.Unknown);
        }
    }

    private static ShapeResult Layer(LayerSpec layer, TensorShape x)
    {
        var output = new TensorShape(layer.OutChannels, Size(layer.Kind, layer.Vertical, x.Height), Size(layer.Kind, layer.Horizontal, x.Width));
        var reads = new TensorShape(layer.InChannels, layer.Vertical.InputSize, layer.Horizontal.InputSize);
        bool fits = Fits(x.Channels, reads.Channels) && Fits(x.Height, reads.Height) && Fits(x.Width, reads.Width);
        return fits && (x.Height == 0 || output.Height > 0) && (x.Width == 0 || output.Width > 0) ? new ShapeResult(output)
            : fits ? new ShapeResult(output with { Height = 0, Width = 0 }, "the kernel is larger than the padded input")
            : new ShapeResult(output, $"it reads {reads}");
    }

    private static int Size(LayerKind kind, AxisSpec axis, int size) =>
        size == 0 ? 0 : (int)Math.Min(Math.Max(axis.OutputSize(kind == LayerKind.ConvTranspose2d, size), 0), int.MaxValue);

    private static ShapeResult Channels(TensorShape x, int channels, TensorShape output) =>
        Fits(x.Channels, channels) ? new ShapeResult(output) : new ShapeResult(output, $"it reads {new TensorShape(channels, 0, 0)}");

    // Either may have size 1 along an axis.
    private static ShapeResult Binary(TensorShape x, TensorShape y)
    {
        var output = new TensorShape(Spread(x.Channels, y.Channels), Spread(x.Height, y.Height), Spread(x.Width, y.Width));
        bool fits = Broadcasts(x.Channels, y.Channels) && Broadcasts(x.Height, y.Height) && Broadcasts(x.Width, y.Width);
        return new ShapeResult(output, fits ? null : "along each axis they must have the same size, or one of them 1");

        static bool Broadcasts(int first, int second) => Fits(first, second) || first == 1 || second == 1;

        // Something unknown beside 1 is what it is.
        static int Spread(int first, int second) => Math.Min(first, second) == 0 && Math.Max(first, second) == 1 ? 0 : Math.Max(first, second);
    }

    private static ShapeResult Shuffled(TensorShape x, int factor)
    {
        int square = factor * factor;
        var output = new TensorShape(x.Channels / square, x.Height * factor, x.Width * factor);
        return new ShapeResult(output, x.Channels % square == 0 ? null : $"its channels must be divisible by {square.ToString(CultureInfo.InvariantCulture)}");
    }

    private static TensorShape WithSize(TensorShape shape, int axis, int size) => (axis < 0 ? axis + 4 : axis) switch
    {
        1 => shape with { Channels = size },
        2 => shape with { Height = size },
        3 => shape with { Width = size },
        _ => shape,
    };

    private static int SizeOf(TensorShape shape, int axis) => axis switch { 1 => shape.Channels, 2 => shape.Height, 3 => shape.Width, _ => 0 };

    // What a slice leaves of an axis; 0 where that is not known.
    private static int Range(TensorShape x, object?[] arguments)
    {
        int axis = Int(arguments[0]);
        int size = SizeOf(x, axis < 0 ? axis + 4 : axis);
        int start = Bound(Int(arguments[1]));
        int end = Bound(Int(arguments[2]));
        return size == 0 || end <= start ? 0 : (end - start - 1) / Math.Max(1, Int(arguments[3])) + 1;

        int Bound(int index) => Math.Min(Math.Max(index < 0 ? index + size : index, 0), size);
    }

    private static ShapeResult Concatenation(TensorShape[] inputs, int axis)
    {
        axis = axis < 0 ? axis + 4 : axis;
        int[] sizes = [.. Enumerable.Range(1, 3).Select(other => Joined([.. inputs.Select(shape => SizeOf(shape, other))], other == axis))];
        bool fits = Enumerable.Range(1, 3).Where(other => other != axis).All(other => Array.TrueForAll(inputs, shape => Fits(SizeOf(shape, other), sizes[other - 1])));
        return new ShapeResult(new TensorShape(sizes[0], sizes[1], sizes[2]), fits ? null : "they must have the same size");

        static int Joined(int[] sizes, bool isAdded) => !isAdded ? sizes.Max() : sizes.Contains(0) ? 0 : sizes.Sum();
    }

    // Not followed where a last window may count that does not fit.
    private static ShapeResult WindowOfAnyShape(string operation, TensorShape x, object?[] arguments)
    {
        int[] numbers = [.. arguments.Take(6).Select(Int)];
        bool isMax = operation == "MaxPool";
        (int dilationHeight, int dilationWidth) = isMax ? (Int(arguments[6]), Int(arguments[7])) : (1, 1);
        return Convert.ToBoolean(arguments[isMax ? 8 : 6], CultureInfo.InvariantCulture)
            ? new ShapeResult(x with { Height = 0, Width = 0 })
            : Pooling(x, Window(numbers[0], numbers[2], numbers[4], dilationHeight), Window(numbers[1], numbers[3], numbers[5], dilationWidth));
    }

    private static AxisSpec Window(int kernel, int stride, int padding, int dilation = 1) => new(kernel, stride == 0 ? kernel : stride, padding, 0, dilation);

    private static ShapeResult Pooling(TensorShape x, AxisSpec vertical, AxisSpec horizontal)
    {
        var output = new TensorShape(x.Channels, Size(LayerKind.Conv2d, vertical, x.Height), Size(LayerKind.Conv2d, horizontal, x.Width));
        bool fits = (x.Height == 0 || output.Height > 0) && (x.Width == 0 || output.Width > 0);
        return new ShapeResult(output, fits ? null : "the window is larger than the padded input");
    }

    private static ShapeResult Grown(TensorShape x, int rows, int columns)
    {
        TensorShape output = x with { Height = x.Height == 0 ? 0 : Math.Max(0, x.Height + rows), Width = x.Width == 0 ? 0 : Math.Max(0, x.Width + columns) };
        bool fits = (x.Height == 0 || output.Height > 0) && (x.Width == 0 || output.Width > 0);
        return new ShapeResult(output, fits ? null : "nothing of it would be left");
    }

    /// <summary>Left, right, top and bottom: four numbers, or one for all where the function has only so many parameters.</summary>
    private static (int Left, int Right, int Top, int Bottom) Margins(object?[] arguments, int single) => arguments.Length == single
        ? (Int(arguments[0]), Int(arguments[0]), Int(arguments[0]), Int(arguments[0]))
        : (Int(arguments[0]), Int(arguments[1]), Int(arguments[2]), Int(arguments[3]));

    private static bool Fits(int first, int second) => first == 0 || second == 0 || first == second;

    private static int Int(object? argument) => Convert.ToInt32(argument, CultureInfo.InvariantCulture);
}
