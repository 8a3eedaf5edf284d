using Kernels.Packing;
using Kernels.Quantization;

namespace Kernels.Execution;

/// <summary>The scalar tier of PixelLanes kernels: the same packed words, one pixel at a time, on any CPU.</summary>
public readonly unsafe struct ScalarPixels : IPixelLoops
{
    /// <inheritdoc/>
    public static void Row(PackedPixelLanes packed, int index, byte** rows, nint plane, EpilogueScalars* e, byte* output, int count, int width)
    {
        PixelPanel panel = packed.Layout.Panels[index];
        PixelBlock* block = packed.Panel(index);
        int outputs = packed.Layout.Spec.OutChannels;
        float slope = packed.Layout.Spec.Activation == Activation.LeakyRelu ? e->NegativeSlope : 1f;
        nint stride = AlignedMemory.Align(panel.Accumulators * sizeof(float)) / sizeof(float);
        int* sums = stackalloc int[panel.Accumulators];
        for (int i = 0; i < count; i++)
        {
            Accumulate(panel, block, packed.Layout.Rows.GroupStride / 2, rows, plane, (nint)i * 4, sums);
            for (int a = 0; a < panel.Accumulators; a++)
            {
                int pixel = i * panel.Phases + a / panel.Channels;
                if (pixel >= width)
                {
                    break;
                }

                byte* target = output + ((nint)pixel * outputs + a % panel.Channels);
                *target = e->FunctionCount > 0
                    ? Fused.Code(sums[a], block->Bias[a], block->Multiplier[a], *e, block->Channels + a, stride, target + e->Second)
                    : Requantizer.Apply(sums[a], block->Bias[a], block->Multiplier[a], slope, e->Lower, e->Upper, e->ZeroPoint);
            }
        }
    }

    private static void Accumulate(PixelPanel panel, PixelBlock* block, int units, byte** rows, nint plane, nint x, int* sums)
    {
        for (int a = 0; a < panel.Accumulators; a++)
        {
            sums[a] = block->Start[a];
        }

        var w = (short*)block->Weights;
        for (int unit = 0; unit < units; unit++)
        {
            for (int step = 0; step < panel.Rows.Length; step++)
            {
                var pixel = (ushort*)(rows[panel.Rows[step]] + unit * plane + x + panel.Columns[step] * 4);
                for (int phase = 0; phase < panel.Phases; phase++)
                {
                    if (panel.Taps[step * panel.Phases + phase] < 0)
                    {
                        continue;
                    }

                    for (int c = 0; c < panel.Channels; c++, w += 2)
                    {
                        sums[phase * panel.Channels + c] += pixel[0] * w[0] + pixel[1] * w[1];
                    }
                }
            }
        }
    }
}
