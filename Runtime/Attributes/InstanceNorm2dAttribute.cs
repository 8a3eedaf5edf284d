using System;

namespace Kernels;

/// <summary>
/// Makes a static partial method <c>Value Name(Value x)</c> of a network an instance norm, which normalizes each channel of every image: PyTorch's
/// <c>nn.InstanceNorm2d</c> with its tensors <c>weight</c> and <c>bias</c>, if the file has them. It stays float.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class InstanceNorm2dAttribute : Attribute
{
    /// <summary>Channels, at least 1. Required.</summary>
    public int Channels { get; set; }

    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; set; } = 1e-5f;

    /// <summary>What the names of its tensors start with, before a dot; the method's name when not given.</summary>
    public string? Weights { get; set; }
}
