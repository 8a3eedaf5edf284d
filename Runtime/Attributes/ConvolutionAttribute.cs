using System;

namespace Kernels;

/// <summary>
/// The parameters that <see cref="QuantizedConv2dAttribute"/> and <see cref="QuantizedConvTranspose2dAttribute"/> share.
/// Names and defaults are PyTorch's; each spatial parameter sets both axes unless its <c>Height</c> or <c>Width</c> twin is given.
/// </summary>
public abstract class ConvolutionAttribute : Attribute
{
    /// <summary>Input channels, at least 1, divisible by <see cref="Groups"/>. Required.</summary>
    public int InChannels { get; set; }

    /// <summary>Output channels, at least 1, divisible by <see cref="Groups"/>. Required.</summary>
    public int OutChannels { get; set; }

    /// <summary>Kernel size in taps, at least 1. Required, here or for each axis.</summary>
    public int Kernel { get; set; }

    /// <summary>Kernel height, when it differs from <see cref="Kernel"/>.</summary>
    public int KernelHeight { get; set; }

    /// <summary>Kernel width, when it differs from <see cref="Kernel"/>.</summary>
    public int KernelWidth { get; set; }

    /// <summary>Stride, at least 1.</summary>
    public int Stride { get; set; } = 1;

    /// <summary>Vertical stride, when it differs from <see cref="Stride"/>.</summary>
    public int StrideHeight { get; set; }

    /// <summary>Horizontal stride, when it differs from <see cref="Stride"/>.</summary>
    public int StrideWidth { get; set; }

    /// <summary>Padding in pixels, at least 0.</summary>
    public int Padding { get; set; }

    /// <summary>Vertical padding, when it differs from <see cref="Padding"/>.</summary>
    public int PaddingHeight { get; set; }

    /// <summary>Horizontal padding, when it differs from <see cref="Padding"/>.</summary>
    public int PaddingWidth { get; set; }

    /// <summary>Distance between neighbouring taps, at least 1.</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>Vertical dilation, when it differs from <see cref="Dilation"/>.</summary>
    public int DilationHeight { get; set; }

    /// <summary>Horizontal dilation, when it differs from <see cref="Dilation"/>.</summary>
    public int DilationWidth { get; set; }

    /// <summary>
    /// Rows of every input, where they are known: 1 to 16,384, or 0 for any number. The kernel then has no code for other inputs, and
    /// refuses them.
    /// </summary>
    public int InputHeight { get; set; }

    /// <summary>
    /// Columns of every input, where they are known: 1 to 16,384, or 0 for any number. The kernel's tiles then fit the row exactly; it
    /// refuses other inputs.
    /// </summary>
    public int InputWidth { get; set; }

    /// <summary>Number of groups of channels that do not see each other, at least 1.</summary>
    public int Groups { get; set; } = 1;

    /// <summary>Whether the layer adds a bias per output channel.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>The activation fused into the epilogue.</summary>
    public Activation Activation { get; set; } = Activation.None;

    /// <summary>Slope of <see cref="Kernels.Activation.LeakyRelu"/> below zero; PyTorch's default is 0.01.</summary>
    public float NegativeSlope { get; set; } = 0.01f;

    /// <summary>Scales of the weights: per output channel, or one for all.</summary>
    public WeightScheme WeightScheme { get; set; } = WeightScheme.PerChannel;

    /// <summary>
    /// Whether the kernel has machine code for CPUs with AVX-512 VNNI, beside C# for all. Where this is not written down,
    /// <see cref="MachineCodeDefaultAttribute"/> on the assembly decides. False: the layer never asks for executable memory.
    /// </summary>
    public bool MachineCode { get; set; } = true;

    /// <summary>
    /// On a method of a network: what the names of its tensors start with in the file of weights, such as <c>unet1.conv1.0</c>; the method's name when not given.
    /// </summary>
    public string? Weights { get; set; }
}
