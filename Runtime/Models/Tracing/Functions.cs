using System;
using Kernels.Layers;

namespace Kernels.Models;

/// <summary>
/// Functions of values, with PyTorch's meaning, for the code of a network: <c>using static Kernels.Models.Functions;</c>. Each adds a step to the
/// network that its input belongs to, under the function's name in lower case, with a number where that is taken: <c>add</c>, <c>add_1</c>.
/// </summary>
public static class Functions
{
    /// <summary><c>max(x, 0)</c>.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value ReLU(Value x) => Call(nameof(ReLU), Modules.ReLU(), [x]);

    /// <summary><c>min(max(x, 0), 6)</c>.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value ReLU6(Value x) => Call(nameof(ReLU6), Modules.ReLU6(), [x]);

    /// <summary><c>x</c> above zero, <c>negativeSlope * x</c> below.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="negativeSlope">Slope below zero.</param>
    /// <returns>What it makes.</returns>
    public static Value LeakyReLU(Value x, float negativeSlope = 0.01f) => Call(nameof(LeakyReLU), Modules.LeakyReLU(negativeSlope), [x], negativeSlope);

    /// <summary><c>x * min(max(x + 3, 0), 6) / 6</c>.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value HardSwish(Value x) => Call(nameof(HardSwish), Modules.Hardswish(), [x]);

    /// <summary><c>1 / (1 + exp(-x))</c>.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value Sigmoid(Value x) => Call(nameof(Sigmoid), Modules.Sigmoid(), [x]);

    /// <summary>Hyperbolic tangent.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value Tanh(Value x) => Call(nameof(Tanh), Modules.Tanh(), [x]);

    /// <summary>Sum; the second may have height and width 1.</summary>
    /// <param name="x">What the function reads first.</param>
    /// <param name="y">What it reads second.</param>
    /// <returns>What it makes.</returns>
    public static Value Add(Value x, Value y) => Call(nameof(Add), Modules.Add(), [x, y]);

    /// <summary>Product; the second may have height and width 1, as channel weights have.</summary>
    /// <param name="x">What the function reads first.</param>
    /// <param name="y">What it reads second.</param>
    /// <returns>What it makes.</returns>
    public static Value Mul(Value x, Value y) => Call(nameof(Mul), Modules.Mul(), [x, y]);

    /// <summary>Concatenation of channels.</summary>
    /// <param name="values">What the function reads, at least one.</param>
    /// <returns>What it makes.</returns>
    public static Value Cat(params ReadOnlySpan<Value> values) => Call(nameof(Cat), Modules.Cat(), values);

    /// <summary>Maximum of a square window.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="kernel">Window size.</param>
    /// <param name="stride">Stride; 0 means the window size.</param>
    /// <param name="padding">Padding, at most half the window.</param>
    /// <returns>What it makes.</returns>
    /// <exception cref="ArgumentException">The numbers do not make a window.</exception>
    public static Value MaxPool(Value x, int kernel, int stride = 0, int padding = 0) =>
        Call(nameof(MaxPool), Modules.MaxPool2d(new PoolingSpec(kernel, stride, padding)), [x], kernel, stride, padding);

    /// <summary>Mean of a square window; padding pixels count as zeros.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="kernel">Window size.</param>
    /// <param name="stride">Stride; 0 means the window size.</param>
    /// <param name="padding">Padding, at most half the window.</param>
    /// <returns>What it makes.</returns>
    /// <exception cref="ArgumentException">The numbers do not make a window.</exception>
    public static Value AvgPool(Value x, int kernel, int stride = 0, int padding = 0) =>
        Call(nameof(AvgPool), Modules.AvgPool2d(new PoolingSpec(kernel, stride, padding)), [x], kernel, stride, padding);

    /// <summary>Mean of each channel over the whole image, height and width 1.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value GlobalAvgPool(Value x) => Call(nameof(GlobalAvgPool), Modules.GlobalAvgPool2d(), [x]);

    /// <summary>Upsampling by a factor.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="scale">The factor of both axes.</param>
    /// <param name="mode">How pixels between are filled.</param>
    /// <returns>What it makes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not positive and finite.</exception>
    public static Value Upsample(Value x, double scale, UpsampleMode mode = UpsampleMode.Nearest) =>
        Call(nameof(Upsample), Modules.Upsample(UpsampleSpec.ByFactor(mode, scale)), [x], scale, mode);

    /// <summary>Rows and columns cut off.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="margin">How many on every side.</param>
    /// <returns>What it makes.</returns>
    public static Value Crop(Value x, int margin) =>
        Call(nameof(Crop), Modules.Crop(new CropSpec(margin, margin, margin, margin)), [x], margin);

    /// <summary>Rows and columns cut off.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="left">Columns at the left.</param>
    /// <param name="right">Columns at the right.</param>
    /// <param name="top">Rows at the top.</param>
    /// <param name="bottom">Rows at the bottom.</param>
    /// <returns>What it makes.</returns>
    public static Value Crop(Value x, int left, int right, int top, int bottom) =>
        Call(nameof(Crop), Modules.Crop(new CropSpec(left, right, top, bottom)), [x], left, right, top, bottom);

    /// <summary>Rows and columns added.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="size">How many on every side.</param>
    /// <param name="mode">What the new pixels hold.</param>
    /// <param name="value">The value of <see cref="PadMode.Constant"/>.</param>
    /// <returns>What it makes.</returns>
    public static Value Pad(Value x, int size, PadMode mode = PadMode.Constant, float value = 0f) =>
        Call(nameof(Pad), Modules.Pad(PadSpec.All(size, mode, value)), [x], size, mode, value);

    /// <summary>Rows and columns added.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="left">Columns at the left.</param>
    /// <param name="right">Columns at the right.</param>
    /// <param name="top">Rows at the top.</param>
    /// <param name="bottom">Rows at the bottom.</param>
    /// <param name="mode">What the new pixels hold.</param>
    /// <param name="value">The value of <see cref="PadMode.Constant"/>.</param>
    /// <returns>What it makes.</returns>
    public static Value Pad(Value x, int left, int right, int top, int bottom, PadMode mode = PadMode.Constant, float value = 0f) =>
        Call(nameof(Pad), Modules.Pad(new PadSpec(left, right, top, bottom, mode, value)), [x], left, right, top, bottom, mode, value);

    /// <summary>Every image as one row of features, before a linear layer.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value Flatten(Value x) => Call(nameof(Flatten), Modules.Flatten(), [x]);

    /// <summary>PyTorch's QuantStub: here the network turns to int8, where it has stubs.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value Quantize(Value x) => Call(nameof(Quantize), Modules.QuantStub(), [x]);

    /// <summary>PyTorch's DeQuantStub: here the network turns back to float.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value Dequantize(Value x) => Call(nameof(Dequantize), Modules.DeQuantStub(), [x]);

    private static Value Call(string function, Module module, ReadOnlySpan<Value> inputs, params ReadOnlySpan<object?> arguments)
    {
        if (inputs.IsEmpty)
        {
            throw new ArgumentException($"{function} needs at least one value.", nameof(inputs));
        }

        foreach (Value input in inputs)
        {
            ArgumentNullException.ThrowIfNull(input, nameof(inputs));
        }

        ModelBuilder builder = inputs[0].Builder;
        return builder.Trace is { } trace
            ? trace.Function(function, module, inputs, arguments)
            : builder.AddNumbered(function.ToLowerInvariant(), module, inputs);
    }
}
