using Kernels.Packing;
using Kernels.Quantization;
using Kernels.Shared;

namespace Kernels.Execution;

/// <summary>The scalar tier of Depthwise kernels: the same packed words, one channel at a time, on any CPU.</summary>
public readonly unsafe struct ScalarDepthwise : IDepthwiseLoops
{
    /// <inheritdoc/>
    public static void Row(PackedDepthwise packed, int index, byte** rows, EpilogueScalars* e, byte* output, int count)
    {
        for (int chunk = 0; chunk < packed.Lanes.Chunks.Count; chunk++)
        {
            for (int lane = 0; lane < packed.Lanes.Chunks[chunk].Lanes; lane++)
            {
                // A lane that is another pixel's of a few channels has the weights of the first one's.
                int channel = packed.Lanes.ChannelOf(packed.Lanes.Chunks[chunk], lane);
                if (channel == packed.Lanes.Chunks[chunk].First + lane)
                {
                    Channel(packed, index, chunk, lane, channel, rows, output + channel, count, e);
                }
            }
        }
    }

    private static void Channel(PackedDepthwise packed, int index, int chunk, int lane, int channel, byte** rows, byte* output, int count, EpilogueScalars* e)
    {
        DepthwisePanel panel = packed.Layout.Panels[index];
        RowShape shape = packed.Layout.Rows;
        DepthwiseBlock* block = packed.Panel(index) + chunk;
        int lanes = packed.Lanes.Chunks[chunk].Lanes;
        int place = DepthwiseLanes.PlaceOf(lane, lanes);
        float slope = packed.Layout.Spec.Activation == Activation.LeakyRelu ? e->NegativeSlope : 1f;
        for (int i = 0; i < count; i++)
        {
            int step = 0;
            for (int phase = 0; phase < panel.Phases; phase++)
            {
                int sum = block->Start[phase * lanes + place];
                for (int end = step + panel.Quads[phase]; step < end; step++)
                {
                    short* weights = (short*)(block->Weights + (step * 4 + place / (lanes / 4)) * 2 * lanes) + place % (lanes / 4) * 2;
                    for (int slot = 0; slot < 4; slot++)
                    {
                        int source = step * 4 + slot;
                        byte x = rows[panel.Rows[source]][((nint)i * shape.InputStride + panel.Columns[source]) * shape.Groups + channel];
                        sum += x * weights[slot % 2 * (lanes / 2) + slot / 2];
                    }
                }

                byte* target = output + ((nint)i * shape.OutputStride + phase) * shape.Groups;
                *target = e->FunctionCount > 0
                    ? Fused.Code(sum, block->Bias[place], block->Multiplier[place], *e, block->Multiplier + lanes + place, lanes, target + e->Second)
                    : Requantizer.Apply(sum, block->Bias[place], block->Multiplier[place], slope, e->Lower, e->Upper, e->ZeroPoint);
            }
        }
    }
}
