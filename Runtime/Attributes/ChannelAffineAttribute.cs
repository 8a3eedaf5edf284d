using System;

namespace Kernels;

/// <summary>
/// Makes a static partial method <c>Value Name(Value x)</c> of a network <c>x * weight + bias</c> with a number of each tensor for every channel. Behind a
/// convolution it is computed in its epilogue.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class ChannelAffineAttribute : Attribute
{
    /// <summary>Channels, at least 1. Required.</summary>
    public int Channels { get; set; }

    /// <summary>What the names of its tensors start with, before a dot; the method's name when not given.</summary>
    public string? Weights { get; set; }
}
