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

    /// <summary>Maximum of a window of any shape.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="kernelHeight">Window height.</param>
    /// <param name="kernelWidth">Window width.</param>
    /// <param name="strideHeight">Vertical stride.</param>
    /// <param name="strideWidth">Horizontal stride.</param>
    /// <param name="paddingHeight">Vertical padding, at most half the window.</param>
    /// <param name="paddingWidth">Horizontal padding, at most half the window.</param>
    /// <param name="dilationHeight">Vertical distance between the window's pixels.</param>
    /// <param name="dilationWidth">Horizontal distance between the window's pixels.</param>
    /// <param name="ceilMode">Whether a last window that does not fit makes an output too.</param>
    /// <returns>What it makes.</returns>
    /// <exception cref="ArgumentException">The numbers do not make a window.</exception>
    public static Value MaxPool(
        Value x, int kernelHeight, int kernelWidth, int strideHeight, int strideWidth, int paddingHeight, int paddingWidth, int dilationHeight = 1, int dilationWidth = 1, bool ceilMode = false)
    {
        PoolingSpec spec = Window(kernelHeight, kernelWidth, strideHeight, strideWidth, paddingHeight, paddingWidth) with
        {
            DilationHeight = dilationHeight,
            DilationWidth = dilationWidth,
            CeilMode = ceilMode,
        };
        return Call(nameof(MaxPool), Modules.MaxPool2d(spec), [x], kernelHeight, kernelWidth, strideHeight, strideWidth, paddingHeight, paddingWidth, dilationHeight, dilationWidth, ceilMode);
    }

    /// <summary>Mean of a square window; padding pixels count as zeros.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="kernel">Window size.</param>
    /// <param name="stride">Stride; 0 means the window size.</param>
    /// <param name="padding">Padding, at most half the window.</param>
    /// <returns>What it makes.</returns>
    /// <exception cref="ArgumentException">The numbers do not make a window.</exception>
    public static Value AvgPool(Value x, int kernel, int stride = 0, int padding = 0) =>
        Call(nameof(AvgPool), Modules.AvgPool2d(new PoolingSpec(kernel, stride, padding)), [x], kernel, stride, padding);

    /// <summary>Mean of a window of any shape.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="kernelHeight">Window height.</param>
    /// <param name="kernelWidth">Window width.</param>
    /// <param name="strideHeight">Vertical stride.</param>
    /// <param name="strideWidth">Horizontal stride.</param>
    /// <param name="paddingHeight">Vertical padding, at most half the window.</param>
    /// <param name="paddingWidth">Horizontal padding, at most half the window.</param>
    /// <param name="ceilMode">Whether a last window that does not fit makes an output too.</param>
    /// <param name="countIncludePad">Whether padding pixels count as zeros in the mean.</param>
    /// <param name="divisorOverride">Divides by this instead of the number of pixels, when not 0.</param>
    /// <returns>What it makes.</returns>
    /// <exception cref="ArgumentException">The numbers do not make a window.</exception>
    public static Value AvgPool(
        Value x, int kernelHeight, int kernelWidth, int strideHeight, int strideWidth, int paddingHeight, int paddingWidth, bool ceilMode = false, bool countIncludePad = true, int divisorOverride = 0)
    {
        PoolingSpec spec = Window(kernelHeight, kernelWidth, strideHeight, strideWidth, paddingHeight, paddingWidth) with
        {
            CeilMode = ceilMode,
            CountIncludePad = countIncludePad,
            DivisorOverride = divisorOverride,
        };
        return Call(nameof(AvgPool), Modules.AvgPool2d(spec), [x], kernelHeight, kernelWidth, strideHeight, strideWidth, paddingHeight, paddingWidth, ceilMode, countIncludePad, divisorOverride);
    }

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

    private static PoolingSpec Window(int kernelHeight, int kernelWidth, int strideHeight, int strideWidth, int paddingHeight, int paddingWidth) => new(kernel: 1)
    {
        KernelHeight = kernelHeight,
        KernelWidth = kernelWidth,
        StrideHeight = strideHeight,
        StrideWidth = strideWidth,
        PaddingHeight = paddingHeight,
        PaddingWidth = paddingWidth,
    };
}
