using System;
using System.Buffers;
using Kernels.Layers;

namespace Kernels.Models.Running;

/// <summary>Codes, and codes of a smaller image that is upsampled by copies and added: in one pass, with the codes of two.</summary>
internal sealed class UpsampleSumOperator(QuantizedUpsample upsample, QuantizedAdd add) : Operator
{
    private readonly QuantizedUpsampleAdd _joined = new(upsample.Spec, add.FirstQuantization, add.SecondQuantization, add.OutputQuantization, add.HasRelu);

    public override int InPlaceInput => 0;

    public override Shape4 OutputShape(ReadOnlySpan<Shape4> inputs) => add.OutputShape(inputs[0], upsample.OutputShape(inputs[1]));

    public override void Run(GraphMemory memory, ReadOnlySpan<int> inputs, int output)
    {
        (Shape4 first, Shape4 second) = (memory.Shape(inputs[0]), memory.Shape(inputs[1]));
        Shape4 large = upsample.OutputShape(second);
        if (large == first)
        {
            _joined.Run(memory.Read(inputs[0]), first, memory.Read(inputs[1]), second, memory.Write(output));
            return;
        }

        // One of them is spread over the other.
        byte[] rented = ArrayPool<byte>.Shared.Rent(large.Count);
        upsample.Run(memory.Read(inputs[1]), second.N, second.H, second.W, rented);
        add.Run(memory.Read(inputs[0]), first, rented, large, memory.Write(output));
        ArrayPool<byte>.Shared.Return(rented);
    }
}
