using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Kernels.Packing;

namespace Kernels.Execution;

/// <summary>Loops of PixelLanes kernels on 512 bits: 32 pixels at a time, whose sums of all phases and channels lie in memory.</summary>
/// <typeparam name="TDot">How 4 bytes of a lane are multiplied.</typeparam>
/// <typeparam name="TCodes">The epilogue.</typeparam>
public readonly unsafe struct PixelLoops512<TDot, TCodes> : IPixelLoops
    where TDot : struct, IDot512
    where TCodes : struct, IPixelCodes
{
    private const int Lane = 16;

    private const int Vectors = 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(PackedPixelLanes packed, int index, byte** rows, nint plane, EpilogueScalars* e, byte* output, int count, int width)
    {
        PixelPanel panel = packed.Layout.Panels[index];
        PixelBlock* block = packed.Panel(index);
        int units = packed.Layout.Rows.GroupStride * TDot.ChannelBytes / 4;
        int channels = packed.Layout.Spec.OutChannels;
        Vector512<int>* sums = stackalloc Vector512<int>[panel.Accumulators * Vectors];
        for (int i = 0; i < count; i += Vectors * Lane)
        {
            Accumulate(panel, block, units, rows, plane, (nint)i * 4, sums);
            for (int v = 0; v < Vectors && i + v * Lane < count; v++)
            {
                Store(panel, block, sums + v, e, i + v * Lane, output, width, channels);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate(PixelPanel panel, PixelBlock* block, int units, byte** rows, nint plane, nint x, Vector512<int>* sums)
    {
        for (int a = 0; a < panel.Accumulators; a++)
        {
            for (int v = 0; v < Vectors; v++)
            {
                sums[a * Vectors + v] = Vector512.Create(block->Start[a]);
            }
        }

        byte* w = block->Weights;
        for (int unit = 0; unit < units; unit++)
        {
            for (int step = 0; step < panel.Rows.Length; step++)
            {
                byte* pixel = rows[panel.Rows[step]] + unit * plane + x + panel.Columns[step] * 4;
                Vector512<int> v0 = Vector512.Load((int*)pixel);
                Vector512<int> v1 = Vector512.Load((int*)pixel + 16);
                for (int phase = 0; phase < panel.Phases; phase++)
                {
                    if (panel.Taps[step * panel.Phases + phase] < 0)
                    {
                        continue;
                    }

                    Vector512<int>* sum = sums + phase * panel.Channels * Vectors;
                    for (int c = 0; c < panel.Channels; c++, w += 4, sum += Vectors)
                    {
                        Vector512<int> k = Lanes.Broadcast512(w);
                        sum[0] = TDot.Step(sum[0], v0, k);
                        sum[1] = TDot.Step(sum[1], v1, k);
                    }
                }
            }
        }

        // What was cut off weights whose pairs could saturate.
        for (int a = 0; a < panel.Accumulators; a++)
        {
            for (PixelResidual* r = block->Residuals[a]; r < block->Residuals[a + 1]; r++)
            {
                byte* at = rows[r->Row] + r->Unit * plane + x + r->Offset;
                Vector512<int> k = Vector512.Create(r->Weights);
                for (int v = 0; v < Vectors; v++)
                {
                    sums[a * Vectors + v] = TDot.Step(sums[a * Vectors + v], Vector512.Load((int*)at + v * Lane), k);
                }
            }
        }
    }

    // A vector of pixels: up to 4 channels of a phase at a time, each pixel's own codes and nothing behind them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Store(PixelPanel panel, PixelBlock* block, Vector512<int>* sums, EpilogueScalars* e, int first, byte* output, int width, int channels)
    {
        for (int phase = 0; phase < panel.Phases; phase++)
        {
            int pixels = Math.Min(Lane, (width - phase + panel.Phases - 1) / panel.Phases - first);
            byte* target = output + ((nint)first * panel.Phases + phase) * channels;
            for (int c = 0; c < panel.Channels; c += 4)
            {
                int codes = Math.Min(4, panel.Channels - c);
                Vector512<int> joined = Vector512<int>.Zero;
                for (int k = 0; k < codes; k++)
                {
                    int a = phase * panel.Channels + c + k;
                    byte* second = e->SecondPlanes is null ? null : e->SecondPlanes[phase * channels + c + k] + first;
                    joined |= TCodes.Codes(sums[a * Vectors], block, a, e, second) << (8 * k);
                }

                Interleave.Scatter(target + c, (int*)&joined, pixels, codes, panel.Phases * channels);
            }
        }
    }
}
