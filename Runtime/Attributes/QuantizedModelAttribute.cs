using System;

namespace Kernels;

/// <summary>
/// Makes the annotated partial class a network: its static method <c>Value Forward(Value x)</c> says what is computed, in ordinary C#, from layers
/// (partial methods with the attributes of layers), the functions of <see cref="Models.Functions"/>, operators, and other methods. What the compiler can
/// read is fused and gets kernels of its own; all else runs layer by layer.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class QuantizedModelAttribute : Attribute
{
    /// <summary>Channels of the input; 0 where the layers that read it tell.</summary>
    public int InputChannels { get; set; }

    /// <summary>Rows of every input, 1 to 16,384, where they are known; 0 for any number.</summary>
    public int InputHeight { get; set; }

    /// <summary>Columns of every input, 1 to 16,384, where they are known; 0 for any number.</summary>
    public int InputWidth { get; set; }

    /// <summary>
    /// Whether functions are computed within the layers before them, rounded once. False: every layer's result is rounded as PyTorch rounds it.
    /// </summary>
    public bool Fuse { get; set; } = true;
}
