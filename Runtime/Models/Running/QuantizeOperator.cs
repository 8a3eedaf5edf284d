using System;
using Kernels.Quantization;

namespace Kernels.Models.Running;

/// <summary>The seam from float to int8.</summary>
internal sealed class QuantizeOperator(QuantizationParameters quantization, Int8Arithmetic arithmetic) : Operator
{
    public override Shape4 OutputShape(ReadOnlySpan<Shape4> inputs) => inputs[0];

    public override void Run(GraphMemory memory, ReadOnlySpan<int> inputs, int output) =>
        Quantizer.Quantize(memory.Read<float>(inputs[0]), quantization, memory.Write(output), arithmetic);
}
