using System;
using System.Globalization;

namespace Kernels.Layers;

/// <summary>
/// The shape of a convolution or transposed convolution, with PyTorch's parameter names. Two axes each; no data.
/// </summary>
public sealed record ConvolutionSpec
{
    /// <summary>Conv2d or ConvTranspose2d.</summary>
    public required ConvolutionKind Kind { get; init; }

    /// <summary>Input channels.</summary>
    public required int InChannels { get; init; }

    /// <summary>Output channels.</summary>
    public required int OutChannels { get; init; }

    /// <summary>Kernel height in taps.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Kernel width in taps.</summary>
    public required int KernelWidth { get; init; }

    /// <summary>Vertical stride.</summary>
    public int StrideHeight { get; init; } = 1;

    /// <summary>Horizontal stride.</summary>
    public int StrideWidth { get; init; } = 1;

    /// <summary>Vertical padding in pixels.</summary>
    public int PaddingHeight { get; init; }

    /// <summary>Horizontal padding in pixels.</summary>
    public int PaddingWidth { get; init; }

    /// <summary>Rows added at the bottom of a transposed convolution's output.</summary>
    public int OutputPaddingHeight { get; init; }

    /// <summary>Columns added at the right of a transposed convolution's output.</summary>
    public int OutputPaddingWidth { get; init; }

    /// <summary>Vertical distance between taps.</summary>
    public int DilationHeight { get; init; } = 1;

    /// <summary>Horizontal distance between taps.</summary>
    public int DilationWidth { get; init; } = 1;

    /// <summary>Groups of channels that do not see each other.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Rows that every input has; 0 when they can be any number.</summary>
    public int InputHeight { get; init; }

    /// <summary>Columns that every input has; 0 when they can be any number.</summary>
    public int InputWidth { get; init; }

    /// <summary>Whether the layer adds a bias.</summary>
    public bool HasBias { get; init; } = true;

    /// <summary>The fused activation.</summary>
    public Activation Activation { get; init; }

    /// <summary>Slope of LeakyRelu below zero.</summary>
    public float NegativeSlope { get; init; } = 0.01f;

    /// <summary>
    /// The functions that the kernel applies to its float32 values before they are rounded; none for PyTorch's formula. Where there are some,
    /// <see cref="Activation"/> must be None: it is one of them.
    /// </summary>
    public EpilogueSpec Epilogue { get; init; } = EpilogueSpec.None;

    /// <summary>How the weights are quantized when they are given as float.</summary>
    public WeightScheme WeightScheme { get; init; }

    /// <summary>Shape of the weights in PyTorch's order.</summary>
    public Shape4 WeightShape => Kind == ConvolutionKind.Conv2d
        ? new Shape4(OutChannels, InChannels / Groups, KernelHeight, KernelWidth)
        : new Shape4(InChannels, OutChannels / Groups, KernelHeight, KernelWidth);

    /// <summary>Rows of the output.</summary>
    /// <param name="height">Rows of the input, at least 1.</param>
    /// <returns>The number of rows; below 1 when the input is too small.</returns>
    public int OutputHeight(int height) => OutputSize(height, KernelHeight, StrideHeight, PaddingHeight, OutputPaddingHeight, DilationHeight);

    /// <summary>Columns of the output.</summary>
    /// <param name="width">Columns of the input, at least 1.</param>
    /// <returns>The number of columns; below 1 when the input is too small.</returns>
    public int OutputWidth(int width) => OutputSize(width, KernelWidth, StrideWidth, PaddingWidth, OutputPaddingWidth, DilationWidth);

    /// <summary>Shape of the output.</summary>
    /// <param name="input">Shape of the input.</param>
    /// <returns>The same batch, <see cref="OutChannels"/> channels, and PyTorch's output height and width.</returns>
    /// <exception cref="ArgumentException">The input has other channels or another size than this layer takes, or is too small for it.</exception>
    public Shape4 OutputShape(Shape4 input)
    {
        input.Checked(nameof(input));
        if (input.C != InChannels)
        {
            throw new ArgumentException($"The layer reads {InChannels} channels, but the input is {input}.", nameof(input));
        }

        if ((InputHeight > 0 && input.H != InputHeight) || (InputWidth > 0 && input.W != InputWidth))
        {
            throw new ArgumentException($"The layer was made for inputs of {Size(InputHeight)} rows and {Size(InputWidth)} columns, but the input is {input}.", nameof(input));
        }

        var output = new Shape4(input.N, OutChannels, OutputHeight(input.H), OutputWidth(input.W));
        if (output.H < 1 || output.W < 1)
        {
            throw new ArgumentException($"An input of {input.H}x{input.W} pixels is too small: the output would be {output.H}x{output.W}.", nameof(input));
        }

        return output.Checked(nameof(input));
    }

    /// <summary>
    /// Index of a weight in PyTorch's contiguous order.
    /// </summary>
    /// <param name="outputChannel">Output channel, counted across groups.</param>
    /// <param name="groupInput">Input channel within the output channel's group.</param>
    /// <param name="ky">Kernel row.</param>
    /// <param name="kx">Kernel column.</param>
    /// <returns>The index.</returns>
    public int WeightIndex(int outputChannel, int groupInput, int ky, int kx)
    {
        int groupOutputs = OutChannels / Groups;
        int groupInputs = InChannels / Groups;
        int channels = Kind == ConvolutionKind.Conv2d
            ? outputChannel * groupInputs + groupInput
            : (outputChannel / groupOutputs * groupInputs + groupInput) * groupOutputs + outputChannel % groupOutputs;
        return (channels * KernelHeight + ky) * KernelWidth + kx;
    }

    private static string Size(int size) => size > 0 ? size.ToString(CultureInfo.InvariantCulture) : "any number of";

    private int OutputSize(int size, int kernel, int stride, int padding, int outputPadding, int dilation)
    {
        int extent = dilation * (kernel - 1) + 1;
        if (Kind == ConvolutionKind.ConvTranspose2d)
        {
            return (size - 1) * stride - 2 * padding + extent + outputPadding;
        }

        int free = size + 2 * padding - extent;
        return free < 0 ? 0 : free / stride + 1;
    }
}
