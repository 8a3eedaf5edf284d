using System;
using Kernels.Layers;

namespace Kernels.Models;

/// <content>What moves pixels and channels.</content>
public static partial class Functions
{
    /// <summary>Concatenation of channels.</summary>
    /// <param name="values">What the function reads, at least one.</param>
    /// <returns>What it makes.</returns>
    public static Value Cat(params ReadOnlySpan<Value> values) =>
        Call(nameof(Cat), Modules.Cat(), values);

    /// <summary>Concatenation along any axis.</summary>
    /// <param name="axis">0 batch, 1 channels, 2 rows, 3 columns; negative counts from the end.</param>
    /// <param name="values">What the function reads, at least one.</param>
    /// <returns>What it makes.</returns>
    /// <exception cref="ArgumentException">The axis does not exist.</exception>
    public static Value Cat(int axis, params ReadOnlySpan<Value> values) =>
        Call(nameof(Cat), Modules.Cat(axis), values, axis);

    /// <summary>Upsampling by a factor.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="scale">The factor of both axes.</param>
    /// <param name="mode">How pixels between are filled.</param>
    /// <returns>What it makes.</returns>
    /// <exception cref="ArgumentException">The factor is not positive and finite.</exception>
    public static Value Upsample(Value x, double scale, UpsampleMode mode = UpsampleMode.Nearest) =>
        Call(nameof(Upsample), Modules.Upsample(UpsampleSpec.ByFactor(mode, scale)), [x], scale, mode);

    /// <summary>Upsampling by a factor for each axis, in PyTorch's conventions or ONNX's others.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="scaleHeight">The vertical factor.</param>
    /// <param name="scaleWidth">The horizontal factor.</param>
    /// <param name="mode">How pixels between are filled.</param>
    /// <param name="coordinates">Where output pixels lie among input pixels; null for what the mode says.</param>
    /// <param name="rounding">Which pixel a nearest mode takes; null for what the mode says.</param>
    /// <returns>What it makes.</returns>
    /// <exception cref="ArgumentException">A factor is not positive and finite.</exception>
    public static Value Upsample(Value x, double scaleHeight, double scaleWidth, UpsampleMode mode, PixelCoordinates? coordinates = null, NearestRounding? rounding = null) => Call(
        nameof(Upsample), Modules.Upsample(With(UpsampleSpec.ByFactor(mode, scaleHeight, scaleWidth), coordinates, rounding)), [x], scaleHeight, scaleWidth, mode, coordinates, rounding);

    /// <summary>Upsampling, or shrinking, to a size: PyTorch's <c>interpolate(size=...)</c>.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="height">Rows of the output.</param>
    /// <param name="width">Columns of the output.</param>
    /// <param name="mode">How pixels between are filled.</param>
    /// <param name="coordinates">Where output pixels lie among input pixels; null for what the mode says.</param>
    /// <param name="rounding">Which pixel a nearest mode takes; null for what the mode says.</param>
    /// <returns>What it makes.</returns>
    /// <exception cref="ArgumentException">A size is below 1.</exception>
    public static Value UpsampleTo(Value x, int height, int width, UpsampleMode mode = UpsampleMode.Nearest, PixelCoordinates? coordinates = null, NearestRounding? rounding = null) => Call(
        nameof(UpsampleTo), Modules.Upsample(With(UpsampleSpec.ToSize(mode, height, width), coordinates, rounding)), [x], height, width, mode, coordinates, rounding);

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

    /// <summary>A part along an axis; PyTorch's split and chunk are one for each part.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="axis">0 batch, 1 channels, 2 rows, 3 columns; negative counts from the end.</param>
    /// <param name="start">First index; negative counts from the end.</param>
    /// <param name="end">Index behind the last; negative counts from the end.</param>
    /// <param name="step">From one index to the next, at least 1.</param>
    /// <returns>What it makes.</returns>
    /// <exception cref="ArgumentException">The axis does not exist, or the step is below 1.</exception>
    public static Value Slice(Value x, int axis, int start, int end = int.MaxValue, int step = 1) =>
        Call(nameof(Slice), Modules.Slice(new SliceSpec(axis, start, end, step)), [x], axis, start, end, step);

    /// <summary>Channels to pixels.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="factor">PyTorch's upscale_factor.</param>
    /// <param name="pixelsFirst">Whether the channels of a pixel lie together before: ONNX's mode DCR.</param>
    /// <returns>What it makes.</returns>
    public static Value PixelShuffle(Value x, int factor, bool pixelsFirst = false) =>
        Call(nameof(PixelShuffle), Modules.PixelShuffle(new PixelShuffleSpec(factor) { PixelsFirst = pixelsFirst }), [x], factor, pixelsFirst);

    /// <summary>Pixels to channels.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="factor">PyTorch's downscale_factor.</param>
    /// <param name="pixelsFirst">Whether the channels of a pixel lie together afterwards: ONNX's SpaceToDepth.</param>
    /// <returns>What it makes.</returns>
    public static Value PixelUnshuffle(Value x, int factor, bool pixelsFirst = false) =>
        Call(nameof(PixelUnshuffle), Modules.PixelUnshuffle(new PixelShuffleSpec(factor) { PixelsFirst = pixelsFirst }), [x], factor, pixelsFirst);

    /// <summary>Axes in another order: PyTorch's <c>permute</c>. Each number is the input's axis that becomes that one.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="batch">The axis that becomes the batch: 0 batch, 1 channels, 2 rows, 3 columns.</param>
    /// <param name="channels">The axis that becomes channels.</param>
    /// <param name="height">The axis that becomes rows.</param>
    /// <param name="width">The axis that becomes columns.</param>
    /// <returns>What it makes.</returns>
    /// <exception cref="ArgumentException">An axis is missing.</exception>
    public static Value Permute(Value x, int batch, int channels, int height, int width) =>
        Call(nameof(Permute), Modules.Permute(batch, channels, height, width), [x], batch, channels, height, width);

    /// <summary>Every image as one row of features, before a linear layer.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value Flatten(Value x) =>
        Call(nameof(Flatten), Modules.Flatten(), [x]);

    /// <summary>The elements of every image, in PyTorch's order c, h, w, under another shape.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="channels">Channels; -1 for what is left.</param>
    /// <param name="height">Rows; -1 for what is left.</param>
    /// <param name="width">Columns; -1 for what is left.</param>
    /// <returns>What it makes.</returns>
    public static Value Reshape(Value x, int channels, int height = 1, int width = 1) =>
        Call(nameof(Reshape), Modules.Reshape(new ReshapeSpec(channels, height, width)), [x], channels, height, width);

    private static UpsampleSpec With(UpsampleSpec spec, PixelCoordinates? coordinates, NearestRounding? rounding) =>
        spec with { Coordinates = coordinates ?? spec.Coordinates, Rounding = rounding ?? spec.Rounding };
}
