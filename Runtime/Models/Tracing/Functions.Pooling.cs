using System;
using Kernels.Layers;

namespace Kernels.Models;

/// <content>Pooling.</content>
public static partial class Functions
{
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
    public static Value GlobalAvgPool(Value x) =>
        Call(nameof(GlobalAvgPool), Modules.GlobalAvgPool2d(), [x]);

    /// <summary>Means of as many windows as the output has pixels.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="height">Rows of the output.</param>
    /// <param name="width">Columns of the output.</param>
    /// <returns>What it makes.</returns>
    /// <exception cref="ArgumentException">A size is below 1.</exception>
    public static Value AdaptiveAvgPool(Value x, int height, int width) =>
        Call(nameof(AdaptiveAvgPool), Modules.AdaptiveAvgPool2d(new AdaptivePoolingSpec(height, width)), [x], height, width);

    /// <summary>Mean over axes, which stay with size 1.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="axes">At least one of 1 channels, 2 rows, 3 columns; negative counts from the end.</param>
    /// <returns>What it makes.</returns>
    /// <exception cref="ArgumentException">There is no axis, or one that does not exist.</exception>
    public static Value Mean(Value x, params int[] axes) =>
        Call(nameof(Mean), Modules.Mean(new MeanSpec(axes)), [x], [.. axes]);
}
