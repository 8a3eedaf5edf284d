using System;

namespace Kernels;

/// <summary>
/// The parameters that <see cref="QuantizedConv1dAttribute"/> and <see cref="QuantizedConvTranspose1dAttribute"/> share, with PyTorch's names and defaults.
/// Signals <c>[N, C, L]</c> are images 1 high, <c>[N, C, 1, L]</c>.
/// </summary>
public abstract class SignalConvolutionAttribute : Attribute
{
    /// <summary>Input channels, at least 1, divisible by <see cref="Groups"/>. Required.</summary>
    public int InChannels { get; set; }

    /// <summary>Output channels, at least 1, divisible by <see cref="Groups"/>. Required.</summary>
    public int OutChannels { get; set; }

    /// <summary>Kernel size in taps, at least 1. Required.</summary>
    public int Kernel { get; set; }

    /// <summary>Stride, at least 1.</summary>
    public int Stride { get; set; } = 1;

    /// <summary>Padding in samples, at least 0.</summary>
    public int Padding { get; set; }

    /// <summary>Distance between neighbouring taps, at least 1.</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>Samples of every input, where they are known: 1 to 16,384, or 0 for any number. The kernel's tiles then fit; it refuses other inputs.</summary>
    public int InputLength { get; set; }

    /// <inheritdoc cref="ConvolutionAttribute.Groups"/>
    public int Groups { get; set; } = 1;

    /// <inheritdoc cref="ConvolutionAttribute.Bias"/>
    public bool Bias { get; set; } = true;

    /// <inheritdoc cref="ConvolutionAttribute.Activation"/>
    public Activation Activation { get; set; } = Activation.None;

    /// <inheritdoc cref="ConvolutionAttribute.NegativeSlope"/>
    public float NegativeSlope { get; set; } = 0.01f;

    /// <inheritdoc cref="ConvolutionAttribute.WeightScheme"/>
    public WeightScheme WeightScheme { get; set; } = WeightScheme.PerChannel;

    /// <inheritdoc cref="ConvolutionAttribute.MachineCode"/>
    public bool MachineCode { get; set; } = true;

    /// <inheritdoc cref="ConvolutionAttribute.Weights"/>
    public string? Weights { get; set; }
}
