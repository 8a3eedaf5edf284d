using System;
using System.Collections.Generic;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Models.Running;

/// <summary>Concatenation of int8 inputs.</summary>
internal sealed class QuantizedCatOperator(QuantizedCat layer) : Operator
{
    public override Operator With(Int8Arithmetic arithmetic) => new QuantizedCatOperator(layer.With(arithmetic));

    public override Shape4 OutputShape(ReadOnlySpan<Shape4> inputs) => layer.OutputShape(inputs);

    public override IReadOnlyList<long>? Places(ReadOnlySpan<Shape4> inputs, Shape4 output) => CatPlaces.Of(layer.Axis, inputs, output, i => layer.InputQuantizations[i] == layer.OutputQuantization ? sizeof(byte) : 0);

    public override void Run(GraphMemory memory, ReadOnlySpan<int> inputs, int output)
    {
        int offset = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            Shape4 shape = memory.Shape(inputs[i]);
            if (!CatPlaces.IsThere(memory.Read(inputs[i]), layer.Axis, shape, memory.Write(output), memory.Shape(output), offset))
            {
                layer.Write(i, memory.Read(inputs[i]), shape, offset, memory.Write(output), memory.Shape(output));
            }

            offset += Concatenation.Size(shape, layer.Axis);
        }
    }
}
