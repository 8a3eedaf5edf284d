using System;

namespace Kernels.Models.Running;

/// <summary>What a step of a program computes: float or int8, from slots to a slot.</summary>
internal abstract class Operator
{
    /// <summary>Shape of the output.</summary>
    /// <exception cref="ArgumentException">The operator cannot take such inputs.</exception>
    public abstract Shape4 OutputShape(ReadOnlySpan<Shape4> inputs);

    /// <summary>Computes the output slot; nothing is allocated.</summary>
    public abstract void Run(GraphMemory memory, ReadOnlySpan<int> inputs, int output);
}
