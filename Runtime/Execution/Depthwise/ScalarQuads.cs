using Kernels.Packing;
using Kernels.Quantization;

namespace Kernels.Execution;

/// <summary>The scalar tier of Depthwise kernels: the same packed words, one channel at a time, on any CPU.</summary>
public static unsafe class ScalarQuads
{
    /// <summary>One row of output pixels of a panel.</summary>
    /// <param name="packed">The layer.</param>
    /// <param name="index">The panel.</param>
    /// <param name="rows">Quad rows of the panel's steps.</param>
    /// <param name="plane">Bytes from first to second pairs.</param>
    /// <param name="leaky">Whether negative values are scaled by the slope.</param>
    /// <param name="output">First code of the row that belongs to the panel.</param>
    /// <param name="count">Output pixels.</param>
    /// <param name="e">Scalars of the epilogue, where a second input is added; otherwise the layer's.</param>
    public static void Row(PackedChannelLanes packed, int index, byte** rows, nint plane, bool leaky, byte* output, int count, EpilogueScalars* e = null)
    {
        e = e is null ? packed.Epilogue : e;
        LanePanel panel = packed.Layout.Panels[index];
        RowShape shape = packed.Layout.Rows;
        int channels = shape.Groups;
        float slope = leaky ? e->NegativeSlope : 1f;
        for (int i = 0; i < count; i++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                LaneBlock* block = packed.Panel(index) + channel / PackedChannelLanes.BlockLanes;
                int lane = channel % PackedChannelLanes.BlockLanes;
                int sum = block->Start[lane];
                for (int step = 0; step < panel.Steps; step++)
                {
                    byte* quad = rows[panel.Rows[step]] + (((nint)i * shape.InputStride + panel.Columns[step]) * channels + channel) * 4;
                    for (int half = 0; half < 2; half++)
                    {
                        var x = (ushort*)(quad + half * plane);
                        short* w = (short*)block->Weights + ((step * 2 + half) * PackedChannelLanes.BlockLanes + lane) * 2;
                        sum += x[0] * w[0] + x[1] * w[1];
                    }
                }

                byte* target = output + ((nint)i * shape.OutputStride * channels + channel);
                *target = e->FunctionCount > 0
                    ? Fused.Code(sum, block->Bias[lane], block->Multiplier[lane], *e, block->Affine + lane, PackedChannelLanes.BlockLanes, target + e->Second)
                    : Requantizer.Apply(sum, block->Bias[lane], block->Multiplier[lane], slope, e->Lower, e->Upper, e->ZeroPoint);
            }
        }
    }
}
