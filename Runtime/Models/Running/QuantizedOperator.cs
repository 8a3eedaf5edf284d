using System;
using Kernels.Layers;

namespace Kernels.Models.Running;

/// <summary>An int8 layer with one input.</summary>
internal sealed class QuantizedOperator(IQuantizedLayer layer) : Operator
{
    /// <summary>The layer.</summary>
    public IQuantizedLayer Layer => layer;

    public override Shape4 OutputShape(ReadOnlySpan<Shape4> inputs) => layer.OutputShape(inputs[0]);

    public override void Run(GraphMemory memory, ReadOnlySpan<int> inputs, int output)
    {
        Shape4 shape = memory.Shape(inputs[0]);
        layer.Run(memory.Read(inputs[0]), shape.N, shape.H, shape.W, memory.Write(output));
    }
}
