using System;
using System.Globalization;

namespace Kernels.Layers;

/// <summary>
/// The shape of a convolution or transposed convolution, with PyTorch's parameter names. Two axes each; no data. A number out of range
/// is an <see cref="ArgumentException"/> where the spec is made: kernel, stride and dilation are 1 to 4,096, the padding of a Conv2d is 0 to
/// 65,535; what numbers must fulfil together is checked when a layer is made.
/// </summary>
public sealed record ConvolutionSpec
{
    /// <summary>Conv2d or ConvTranspose2d.</summary>
    public required ConvolutionKind Kind { get; init => field = SpecNumber.Check(value); }

    /// <summary>Input channels.</summary>
    public required int InChannels { get; init => field = SpecNumber.Check(value, 1, Limits.RuntimeChannels); }

    /// <summary>Output channels.</summary>
    public required int OutChannels { get; init => field = SpecNumber.Check(value, 1, Limits.RuntimeChannels); }

    /// <summary>Kernel height in taps.</summary>
    public required int KernelHeight { get; init => field = SpecNumber.Check(value, 1, Limits.Spatial); }

    /// <summary>Kernel width in taps.</summary>
    public required int KernelWidth { get; init => field = SpecNumber.Check(value, 1, Limits.Spatial); }

    /// <summary>Vertical stride.</summary>
    public int StrideHeight { get; init => field = SpecNumber.Check(value, 1, Limits.Spatial); } = 1;

    /// <summary>Horizontal stride.</summary>
    public int StrideWidth { get; init => field = SpecNumber.Check(value, 1, Limits.Spatial); } = 1;

    /// <summary>Vertical padding in pixels.</summary>
    public int PaddingHeight { get; init => field = SpecNumber.Check(value, 0, Limits.TransposedPadding); }

    /// <summary>Horizontal padding in pixels.</summary>
    public int PaddingWidth { get; init => field = SpecNumber.Check(value, 0, Limits.TransposedPadding); }

    /// <summary>Rows added at the bottom of a transposed convolution's output.</summary>
    public int OutputPaddingHeight { get; init => field = SpecNumber.Check(value, 0, Limits.Spatial); }

    /// <summary>Columns added at the right of a transposed convolution's output.</summary>
    public int OutputPaddingWidth { get; init => field = SpecNumber.Check(value, 0, Limits.Spatial); }

    /// <summary>Vertical distance between taps.</summary>
    public int DilationHeight { get; init => field = SpecNumber.Check(value, 1, Limits.Spatial); } = 1;

    /// <summary>Horizontal distance between taps.</summary>
    public int DilationWidth { get; init => field = SpecNumber.Check(value, 1, Limits.Spatial); } = 1;

    /// <summary>Groups of channels that do not see each other.</summary>
    public int Groups { get; init => field = SpecNumber.Check(value, 1, Limits.RuntimeChannels); } = 1;

    /// <summary>Rows that every input has; 0 when they can be any number.</summary>
    public int InputHeight { get; init => field = SpecNumber.Check(value, 0, Limits.Size); }

    /// <summary>Columns that every input has; 0 when they can be any number.</summary>
    public int InputWidth { get; init => field = SpecNumber.Check(value, 0, Limits.Size); }

    /// <summary>Whether the layer adds a bias.</summary>
    public bool HasBias { get; init; } = true;

    /// <summary>The fused activation.</summary>
    public Activation Activation { get; init => field = SpecNumber.Check(value); }

    /// <summary>Slope of LeakyRelu below zero.</summary>
    public float NegativeSlope { get; init => field = SpecNumber.CheckFinite(value); } = 0.01f;

    /// <summary>
    /// The functions that the kernel applies to its float32 values before they are rounded; none for PyTorch's formula. Where there are some,
    /// <see cref="Activation"/> must be None: it is one of them.
    /// </summary>
    public EpilogueSpec Epilogue { get; init; } = EpilogueSpec.None;

    /// <summary>How the weights are quantized when they are given as float.</summary>
    public WeightScheme WeightScheme { get; init => field = SpecNumber.Check(value); }

    internal bool IsTransposed => Kind == ConvolutionKind.ConvTranspose2d;

    internal AxisSpec Vertical => new(KernelHeight, StrideHeight, PaddingHeight, OutputPaddingHeight, DilationHeight, InputHeight);

    internal AxisSpec Horizontal => new(KernelWidth, StrideWidth, PaddingWidth, OutputPaddingWidth, DilationWidth, InputWidth);

    /// <summary>Shape of the weights in PyTorch's order.</summary>
    public Shape4 WeightShape => Kind == ConvolutionKind.Conv2d
        ? new Shape4(OutChannels, InChannels / Groups, KernelHeight, KernelWidth)
        : new Shape4(InChannels, OutChannels / Groups, KernelHeight, KernelWidth);

    /// <summary>Rows of the output.</summary>
    /// <param name="height">Rows of the input, at least 1.</param>
    /// <returns>The number of rows; below 1 when the input is too small, <see cref="int.MaxValue"/> when there are more.</returns>
    public int OutputHeight(int height) => Clamped(Vertical.OutputSize(IsTransposed, height));

    /// <summary>Columns of the output.</summary>
    /// <param name="width">Columns of the input, at least 1.</param>
    /// <returns>The number of columns; below 1 when the input is too small, <see cref="int.MaxValue"/> when there are more.</returns>
    public int OutputWidth(int width) => Clamped(Horizontal.OutputSize(IsTransposed, width));

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

        long height = Vertical.OutputSize(IsTransposed, input.H);
        long width = Horizontal.OutputSize(IsTransposed, input.W);
        if (height < 1 || width < 1)
        {
            throw new ArgumentException($"An input of {input.H}x{input.W} pixels is too small: the output would be {height}x{width}.", nameof(input));
        }

        // Two sizes that fit int each can have a product beyond 64 bits only with the channels.
        if (height > Limits.Elements || width > Limits.Elements || (Int128)height * width * input.N * OutChannels > Limits.Elements)
        {
            throw new ArgumentException($"An input {input} is too large: the output would be [{input.N}, {OutChannels}, {height}, {width}], and a tensor holds at most {Limits.Elements} elements.", nameof(input));
        }

        CheckStaged(input, width);
        return new Shape4(input.N, OutChannels, (int)height, (int)width);
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

    // Output columns that the last tile of a row may reach beyond it.
    private const int TileColumns = 3;

    // The rows that an output row reads are staged with their padding: that must not be out of proportion to the image, nor leave int32.
    // No kernel needs more columns than these, and none keeps rows that the image does not have.
    private void CheckStaged(Shape4 input, long outputWidth)
    {
        long rows = Math.Min(Vertical.Extent, input.H);
        long columns = IsTransposed
            ? input.W + 2 * (Horizontal.Extent / StrideWidth + 1)
            : Math.Max(input.W, (outputWidth + TileColumns) * StrideWidth + Horizontal.Extent) + PaddingWidth;
        Int128 staged = (Int128)rows * columns * InChannels;
        if (staged > Limits.Elements / 2 || (staged > Limits.StagedCodes && staged > 2L * input.H * input.W * input.C))
        {
            throw new ArgumentException($"An output row reads {rows} rows of {columns} columns and {InChannels} channels, their padding included: with {Limits.StagedCodes} codes or more that is too much for an input {input}.", nameof(input));
        }
    }

    private static int Clamped(long size) => (int)Math.Clamp(size, int.MinValue, int.MaxValue);
}
