using System;
using System.Buffers;
using Kernels.Execution;
using Kernels.Layers;

namespace Kernels.Models.Running;

/// <summary>Codes, and the product of two others that is added to them, as behind the gates of residual blocks: in one pass, with the codes of two.</summary>
/// <param name="multiply">The product, of the second and third input.</param>
/// <param name="add">The sum, whose second codes are products.</param>
internal sealed class GatedSumOperator(QuantizedMul multiply, QuantizedAdd add) : Operator
{
    // Of a gate that the product reads first.
    private readonly JoinConstants _reversed = multiply.Constants with { First = multiply.SecondQuantization, Second = multiply.FirstQuantization };

    public override int InPlaceInput => 0;

    public override Shape4 OutputShape(ReadOnlySpan<Shape4> inputs) => add.OutputShape(inputs[0], multiply.OutputShape(inputs[1], inputs[2]));

    public override void Run(GraphMemory memory, ReadOnlySpan<int> inputs, int output)
    {
        (Shape4 other, Shape4 first, Shape4 second) = (memory.Shape(inputs[0]), memory.Shape(inputs[1]), memory.Shape(inputs[2]));
        ReadOnlySpan<byte> others = memory.Read(inputs[0])[..other.Count], x = memory.Read(inputs[1]), y = memory.Read(inputs[2]);
        if (first == other && first != second && QuantizedBinaryLayer.IsOfChannels(first, second))
        {
            Gate(multiply.Constants, x, y, second, others, other, memory.Write(output));
        }
        else if (second == other && first != second && QuantizedBinaryLayer.IsOfChannels(second, first))
        {
            Gate(_reversed, y, x, first, others, other, memory.Write(output));
        }
        else
        {
            Shape4 product = multiply.OutputShape(first, second);
            byte[] rented = ArrayPool<byte>.Shared.Rent(product.Count);
            multiply.Run(x, first, y, second, rented);
            add.Run(others, other, rented, product, memory.Write(output));
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private unsafe void Gate(JoinConstants constants, ReadOnlySpan<byte> codes, ReadOnlySpan<byte> gate, Shape4 gateShape, ReadOnlySpan<byte> others, Shape4 to, Span<byte> output)
    {
        // The shapes say how long the spans are: every image is within them.
        int image = to.C * to.H * to.W;
        int period = ChannelPattern.Period(gateShape.C);
        fixed (byte* x = codes[..to.Count], y = others, z = output[..to.Count])
        {
            for (int n = 0; n < to.N; n++)
            {
                float[] pattern = ChannelPattern.Rent(gate.Slice(n % gateShape.N * gateShape.C, gateShape.C), constants.Second.ZeroPoint);
                fixed (float* p = pattern)
                {
                    var kernel = new CodeGatedSum(constants, add.Constants, multiply.Tier, x + (nint)n * image, p, period, y + (nint)n * image, z + (nint)n * image, image);
                    RowTeam<CodeGatedSum>.Run(kernel, CodeGatedSum.Pieces(image), KernelThreads.For((long)image * CodeGatedSum.Work));
                }

                ArrayPool<float>.Shared.Return(pattern);
            }
        }
    }
}
