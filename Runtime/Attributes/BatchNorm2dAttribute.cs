using System;

namespace Kernels;

/// <summary>
/// Makes a static partial method <c>Value Name(Value x)</c> of a network a batch norm with running statistics: PyTorch's <c>nn.BatchNorm2d</c> in
/// evaluation. Behind a convolution it is folded into its weights.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class BatchNorm2dAttribute : Attribute
{
    /// <summary>Channels, at least 1. Required.</summary>
    public int Channels { get; set; }

    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; set; } = 1e-5f;

    /// <summary>What the names of its tensors start with, before a dot; the method's name when not given.</summary>
    public string? Weights { get; set; }
}
