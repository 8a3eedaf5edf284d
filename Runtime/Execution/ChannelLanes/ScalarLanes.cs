using Kernels.Packing;
using Kernels.Quantization;

namespace Kernels.Execution;

/// <summary>The scalar tier of ChannelLanes kernels: the same packed words, one lane at a time, on any CPU.</summary>
public readonly unsafe struct ScalarLanes : ILaneLoops
{
    /// <inheritdoc/>
    public static int ChannelBytes => sizeof(ushort);

    /// <inheritdoc/>
    public static void Row(in LaneShape shape, byte** rows, nint x, LaneBlock* block, EpilogueScalars* e, byte* output, int count)
    {
        int blocks = (shape.Lanes + 15) / 16;
        for (int i = 0; i < count; i++)
        {
            for (int group = 0; group < shape.Groups; group++)
            {
                byte* first = (byte*)x + (i * shape.InputStep + group * shape.GroupChannels) * sizeof(ushort);
                for (int lane = 0; lane < shape.Lanes; lane++)
                {
                    LaneBlock* weights = block + group * blocks + lane / 16;
                    byte* target = output + (i * shape.OutputStep + group * shape.Lanes + lane);
                    *target = Code(shape, rows, (nint)first, weights, lane % 16, e, target);
                }
            }
        }
    }

    private static byte Code(in LaneShape shape, byte** rows, nint x, LaneBlock* block, int lane, EpilogueScalars* e, byte* target)
    {
        int sum = block->Start[lane];
        var w = (short*)block->Weights + lane * 2;
        for (int r = 0; r < shape.Rows; r++)
        {
            for (int c = 0; c < shape.Columns; c++)
            {
                var pixel = (ushort*)(rows[r * shape.RowStep] + x) + c * shape.ColumnStep * shape.PixelStride;
                for (int channel = 0; channel < shape.StepChannels; channel += 2, w += 32)
                {
                    sum += pixel[channel] * w[0] + pixel[channel + 1] * w[1];
                }
            }
        }

        if (e->FunctionCount > 0)
        {
            return Fused.Code(sum, block->Bias[lane], block->Multiplier[lane], *e, block->Channels + lane, PackedChannelLanes.BlockLanes, target + e->Second);
        }

        float slope = shape.Leaky ? e->NegativeSlope : 1f;
        return Requantizer.Apply(sum, block->Bias[lane], block->Multiplier[lane], slope, e->Lower, e->Upper, e->ZeroPoint);
    }
}
