using System;
using Kernels.Layers;

namespace Kernels.Models.Running;

/// <summary>Concatenation of float inputs.</summary>
internal sealed class FloatCatOperator(FloatCat layer) : Operator
{
    public override Shape4 OutputShape(ReadOnlySpan<Shape4> inputs) => layer.OutputShape(inputs);

    public override void Run(GraphMemory memory, ReadOnlySpan<int> inputs, int output)
    {
        int offset = 0;
        foreach (int input in inputs)
        {
            Shape4 shape = memory.Shape(input);
            layer.Write(memory.Read<float>(input), shape, offset, memory.Write<float>(output), memory.Shape(output));
            offset += Concatenation.Size(shape, layer.Axis);
        }
    }
}
