using System;
using Kernels.Layers;

namespace Kernels.Models.Running;

/// <summary>A float or int8 layer with two inputs.</summary>
internal sealed class BinaryOperator<T>(IBinaryLayer<T> layer) : Operator
    where T : unmanaged
{
    /// <summary>The layer.</summary>
    public IBinaryLayer<T> Layer => layer;

    public override int InPlaceInput => 0;

    public override Shape4 OutputShape(ReadOnlySpan<Shape4> inputs) => layer.OutputShape(inputs[0], inputs[1]);

    public override void Run(GraphMemory memory, ReadOnlySpan<int> inputs, int output) => layer.Run(
        memory.Read<T>(inputs[0]),
        memory.Shape(inputs[0]),
        memory.Read<T>(inputs[1]),
        memory.Shape(inputs[1]),
        memory.Write<T>(output));
}
