using System;

namespace Kernels;

/// <summary>
/// Makes a static partial method <c>Value Name(Value x)</c> of a network another class within it: a network annotated with
/// <see cref="QuantizedModelAttribute"/>, or a layer. Every such method has weights of its own.
/// </summary>
/// <param name="type">The class.</param>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class QuantizedBlockAttribute(Type type) : Attribute
{
    /// <summary>The class whose network or layer it is.</summary>
    public Type Type { get; } = type;

    /// <summary>What the names of its tensors start with, before a dot; the method's name when not given.</summary>
    public string? Weights { get; set; }
}
