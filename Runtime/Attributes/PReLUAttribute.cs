using System;

namespace Kernels;

/// <summary>
/// Makes a static partial method <c>Value Name(Value x)</c> of a network a PReLU, <c>x</c> above zero and <c>weight * x</c> below: PyTorch's <c>nn.PReLU</c>
/// with its tensor <c>weight</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class PReLUAttribute : Attribute
{
    /// <summary>Slopes: one for all channels, PyTorch's <c>num_parameters</c> of 1, or one a channel.</summary>
    public int Channels { get; set; } = 1;

    /// <summary>What the names of its tensors start with, before a dot; the method's name when not given.</summary>
    public string? Weights { get; set; }
}
