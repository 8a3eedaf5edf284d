using System;
using Kernels.Layers;

namespace Kernels.Models.Running;

/// <summary>An int8 layer that adds a second input to what it computes.</summary>
internal sealed class ResidualOperator(IResidualLayer layer) : Operator
{
    /// <summary>The layer.</summary>
    public IResidualLayer Layer => layer;

    public override Shape4 OutputShape(ReadOnlySpan<Shape4> inputs) => ResidualShape.Of(layer.OutputShape(inputs[0]), inputs[1]);

    public override void Run(GraphMemory memory, ReadOnlySpan<int> inputs, int output)
    {
        Shape4 shape = memory.Shape(inputs[0]);
        layer.Run(memory.Read(inputs[0]), memory.Read(inputs[1]), shape.N, shape.H, shape.W, memory.Write(output));
    }
}
