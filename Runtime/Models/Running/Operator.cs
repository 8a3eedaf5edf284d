using System;
using System.Collections.Generic;
using Kernels.Quantization;

namespace Kernels.Models.Running;

/// <summary>What a step of a program computes: float or int8, from slots to a slot. Any number of threads may run it at once.</summary>
internal abstract class Operator
{
    /// <summary>The input whose memory the output may be, when both have one length: each element is read before it is written. -1 for none.</summary>
    public virtual int InPlaceInput => -1;

    /// <summary>Shape of the output.</summary>
    /// <exception cref="ArgumentException">The operator cannot take such inputs.</exception>
    public abstract Shape4 OutputShape(ReadOnlySpan<Shape4> inputs);

    /// <summary>A concatenation: the byte of the output where each input lies, in one piece and unchanged, or -1; nothing is copied when it is there already.</summary>
    public virtual IReadOnlyList<long>? Places(ReadOnlySpan<Shape4> inputs, Shape4 output) => null;

    /// <summary>The same operator, made for PyTorch's arithmetic, in another one; itself where only a last bit before the rounding differs.</summary>
    public virtual Operator With(Int8Arithmetic arithmetic) => this;

    /// <summary>Computes the output slot; nothing is allocated.</summary>
    public abstract void Run(GraphMemory memory, ReadOnlySpan<int> inputs, int output);
}
