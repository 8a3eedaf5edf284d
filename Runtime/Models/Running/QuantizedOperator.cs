using System;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Models.Running;

/// <summary>An int8 layer with one input.</summary>
internal sealed class QuantizedOperator(IQuantizedLayer layer) : Operator
{
    /// <summary>The layer.</summary>
    public IQuantizedLayer Layer => layer;

    /// <summary>Whether each code of the output depends on one code of the input, wherever it lies.</summary>
    public bool IsCodeFunction => layer is QuantizedLookup or QuantizedRelu or QuantizedRelu6;

    public override Operator With(Int8Arithmetic arithmetic) => layer is QuantizedLookup lookup ? new QuantizedOperator(lookup.With(arithmetic)) : this;

    public override Shape4 OutputShape(ReadOnlySpan<Shape4> inputs) => layer.OutputShape(inputs[0]);

    public override void Run(GraphMemory memory, ReadOnlySpan<int> inputs, int output)
    {
        Shape4 shape = memory.Shape(inputs[0]);
        layer.Run(memory.Read(inputs[0]), shape.N, shape.H, shape.W, memory.Write(output));
    }

    /// <summary>The result for each code.</summary>
    public byte[] Table()
    {
        var codes = new byte[byte.MaxValue + 1];
        for (int code = 0; code < codes.Length; code++)
        {
            codes[code] = (byte)code;
        }

        var results = new byte[codes.Length];
        layer.Run(codes, 1, 1, codes.Length, results);
        return results;
    }
}
