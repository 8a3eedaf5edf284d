using System;

namespace Kernels;

/// <summary>
/// Whether kernels of this assembly are generated with machine code, unless a layer says itself:
/// <c>[assembly: MachineCodeDefault(false)]</c>. Without this attribute they are.
/// </summary>
/// <param name="enabled">False: kernels are C# alone, and the assembly never asks for executable memory.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class MachineCodeDefaultAttribute(bool enabled) : Attribute
{
    /// <summary>What layers do that do not set <see cref="ConvolutionAttribute.MachineCode"/> or <see cref="QuantizedLinearAttribute.MachineCode"/>.</summary>
    public bool Enabled { get; } = enabled;
}
