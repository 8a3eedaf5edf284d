using System;
using System.Collections.Generic;
using Kernels.Layers;

namespace Kernels.Models.Running;

/// <summary>Concatenation of float inputs.</summary>
internal sealed class FloatCatOperator(FloatCat layer) : Operator
{
    public override Shape4 OutputShape(ReadOnlySpan<Shape4> inputs) => layer.OutputShape(inputs);

    public override IReadOnlyList<long>? Places(ReadOnlySpan<Shape4> inputs, Shape4 output) => CatPlaces.Of(layer.Axis, inputs, output, static _ => sizeof(float));

    public override void Run(GraphMemory memory, ReadOnlySpan<int> inputs, int output)
    {
        int offset = 0;
        foreach (int input in inputs)
        {
            Shape4 shape = memory.Shape(input);
            if (!CatPlaces.IsThere(memory.Read<float>(input), layer.Axis, shape, memory.Write<float>(output), memory.Shape(output), offset))
            {
                layer.Write(memory.Read<float>(input), shape, offset, memory.Write<float>(output), memory.Shape(output));
            }

            offset += Concatenation.Size(shape, layer.Axis);
        }
    }
}
