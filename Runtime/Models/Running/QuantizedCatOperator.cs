using System;
using Kernels.Layers;

namespace Kernels.Models.Running;

/// <summary>Concatenation of int8 inputs.</summary>
internal sealed class QuantizedCatOperator(QuantizedCat layer) : Operator
{
    public override Shape4 OutputShape(ReadOnlySpan<Shape4> inputs) => layer.OutputShape(inputs);

    public override void Run(GraphMemory memory, ReadOnlySpan<int> inputs, int output)
    {
        int offset = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            Shape4 shape = memory.Shape(inputs[i]);
            layer.Write(i, memory.Read(inputs[i]), shape, offset, memory.Write(output), memory.Shape(output));
            offset += Concatenation.Size(shape, layer.Axis);
        }
    }
}
