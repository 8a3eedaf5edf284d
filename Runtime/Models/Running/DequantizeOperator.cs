using System;
using Kernels.Quantization;

namespace Kernels.Models.Running;

/// <summary>The seam from int8 to float.</summary>
internal sealed class DequantizeOperator(QuantizationParameters quantization) : Operator
{
    public override Shape4 OutputShape(ReadOnlySpan<Shape4> inputs) => inputs[0];

    public override void Run(GraphMemory memory, ReadOnlySpan<int> inputs, int output) =>
        Quantizer.Dequantize(memory.Read(inputs[0]), quantization, memory.Write<float>(output));
}
