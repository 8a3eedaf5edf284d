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
        "RSub", "Affine", "Quantize", "Dequantize",
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
            case "BatchNorm2d":
                return Channels(x, Int(arguments[0]), x with { Channels = Int(arguments[0]) });
            case "Add" or "Sub" or "Mul" or "Div":
                return inputs.Length == 2 ? Binary(x, inputs[1]) : new ShapeResult(x);
            case "Cat":
                return Concatenation(inputs);
            case "MaxPool" or "AvgPool":
                return Pooling(x, Int(arguments[0]), Int(arguments[1]), Int(arguments[2]));
            case "GlobalAvgPool":
                return new ShapeResult(new TensorShape(x.Channels, 1, 1));
            case "Upsample":
                double scale = Convert.ToDouble(arguments[0], CultureInfo.InvariantCulture);
                return new ShapeResult(x with { Height = (int)Math.Floor(x.Height * scale), Width = (int)Math.Floor(x.Width * scale) });
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

    // What a slice leaves of an axis; 0 where that is not known.
    private static int Range(TensorShape x, object?[] arguments)
    {
        int axis = Int(arguments[0]);
        int size = (axis < 0 ? axis + 4 : axis) switch { 1 => x.Channels, 2 => x.Height, 3 => x.Width, _ => 0 };
        int start = Bound(Int(arguments[1]));
        int end = Bound(Int(arguments[2]));
        return size == 0 || end <= start ? 0 : (end - start - 1) / Math.Max(1, Int(arguments[3])) + 1;

        int Bound(int index) => Math.Min(Math.Max(index < 0 ? index + size : index, 0), size);
    }

    private static ShapeResult Concatenation(TensorShape[] inputs)
    {
        var output = new TensorShape(
            Array.Exists(inputs, static shape => shape.Channels == 0) ? 0 : inputs.Sum(static shape => shape.Channels),
            inputs.Max(static shape => shape.Height),
            inputs.Max(static shape => shape.Width));
        bool fits = Array.TrueForAll(inputs, shape => Fits(shape.Height, output.Height) && Fits(shape.Width, output.Width));
        return new ShapeResult(output, fits ? null : "they must have the same size");
    }

    private static ShapeResult Pooling(TensorShape x, int kernel, int stride, int padding)
    {
        var axis = new AxisSpec(kernel, stride == 0 ? kernel : stride, padding, 0, 1);
        var output = new TensorShape(x.Channels, Size(LayerKind.Conv2d, axis, x.Height), Size(LayerKind.Conv2d, axis, x.Width));
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
