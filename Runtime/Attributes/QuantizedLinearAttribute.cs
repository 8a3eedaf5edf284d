using System;

namespace Kernels;

/// <summary>
/// Makes the annotated partial class an int8 fully connected layer whose kernel is generated for exactly this shape:
/// <c>torch.ao.nn.quantized.Linear</c>. Names and defaults are PyTorch's; weights are <c>[out, in, 1, 1]</c>, in the order of PyTorch's
/// <c>[out, in]</c>. Features are channels, and every pixel of every image is a row of its own.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, Inherited = false)]
public sealed class QuantizedLinearAttribute : Attribute
{
    /// <summary>Features of an input row, at least 1. Required.</summary>
    public int InFeatures { get; set; }

    /// <summary>Features of an output row, at least 1. Required.</summary>
    public int OutFeatures { get; set; }

    /// <summary>Whether the layer adds a bias per output feature.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>The activation fused into the epilogue.</summary>
    public Activation Activation { get; set; } = Activation.None;

    /// <summary>Slope of <see cref="Kernels.Activation.LeakyRelu"/> below zero; PyTorch's default is 0.01.</summary>
    public float NegativeSlope { get; set; } = 0.01f;

    /// <summary>Scales of the weights: per output feature, or one for all.</summary>
    public WeightScheme WeightScheme { get; set; } = WeightScheme.PerChannel;

    /// <inheritdoc cref="ConvolutionAttribute.MachineCode"/>
    public bool MachineCode { get; set; } = true;

    /// <summary>
    /// On a method of a network: what the names of its tensors start with in the file of weights, such as <c>unet1.conv1.0</c>; the method's name when not given.
    /// </summary>
    public string? Weights { get; set; }
}
