using System;

namespace Kernels;

/// <summary>
/// Makes a static partial method <c>Value Name(Value x)</c> of a network a group norm, which normalizes groups of neighbouring channels: PyTorch's <c>nn.GroupNorm</c>
/// with its tensors <c>weight</c> and <c>bias</c>, if the file has them. It stays float.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class GroupNormAttribute : Attribute
{
    /// <summary>Groups, PyTorch's <c>num_groups</c>; they divide the channels. Required.</summary>
    public int Groups { get; set; }

    /// <summary>Channels, at least 1. Required.</summary>
    public int Channels { get; set; }

    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; set; } = 1e-5f;

    /// <summary>What the names of its tensors start with, before a dot; the method's name when not given.</summary>
    public string? Weights { get; set; }
}
