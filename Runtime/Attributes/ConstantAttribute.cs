using System;

namespace Kernels;

/// <summary>
/// Makes a static partial method <c>Value Name(Value x)</c> of a network a tensor that does not depend on the input, <c>value</c> of the shape [Batch, Channels, Height,
/// Width]. The value that it is called with says where in the order it stands, and is not read.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class ConstantAttribute : Attribute
{
    /// <summary>Images, at least 1; one counts for every image of a batch.</summary>
    public int Batch { get; set; } = 1;

    /// <summary>Channels, at least 1. Required.</summary>
    public int Channels { get; set; }

    /// <summary>Rows, at least 1.</summary>
    public int Height { get; set; } = 1;

    /// <summary>Columns, at least 1.</summary>
    public int Width { get; set; } = 1;

    /// <summary>What the names of its tensors start with, before a dot; the method's name when not given.</summary>
    public string? Weights { get; set; }
}
