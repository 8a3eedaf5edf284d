using System;
using System.Runtime.InteropServices;
using Kernels.Shared;

namespace Kernels.Packing;

/// <summary>The weights of a chunk of channels of a depthwise panel, on their way into packed memory.</summary>
/// <param name="Start">First value of each accumulator, phase by phase: minus the staged zero point times the sum of the weights.</param>
/// <param name="Weights">As <see cref="Execution.DepthwiseBlock.Weights"/> has them.</param>
internal sealed record DepthwiseWeights(int[] Start, byte[] Weights)
{
    private const int Taps = 4;

    /// <summary>Arranges weights; null where bytes would not be exact.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="lanes">How channels fill vectors.</param>
    /// <param name="chunk">The channels.</param>
    /// <param name="weight">The weights of the layer.</param>
    /// <param name="zeroPoint">Zero point of staged activations.</param>
    /// <param name="form">How they are multiplied.</param>
    public static DepthwiseWeights? Arrange(DepthwisePanel panel, DepthwiseLanes lanes, ChannelChunk chunk, CenteredWeights weight, int zeroPoint, WeightForm form)
    {
        int width = form == WeightForm.Words ? sizeof(short) : sizeof(sbyte);
        var weights = new DepthwiseWeights(new int[panel.Phases * chunk.Lanes], new byte[panel.Steps * Taps * chunk.Lanes * width]);
        Span<short> quad = stackalloc short[Taps];
        for (int lane = 0; lane < chunk.Lanes; lane++)
        {
            int channel = lanes.ChannelOf(chunk, lane);
            if (channel < 0)
            {
                continue;
            }

            int place = DepthwiseLanes.PlaceOf(lane, chunk.Lanes);
            int step = 0;
            for (int phase = 0; phase < panel.Phases; phase++)
            {
                for (int end = step + panel.Quads[phase]; step < end; step++)
                {
                    weights.Start[phase * chunk.Lanes + place] -= zeroPoint * CopyTo(panel, step, channel, weight, quad);
                    if (form == WeightForm.Words)
                    {
                        WriteWords(quad, weights.Weights, (step * chunk.Lanes + place / (chunk.Lanes / Taps) * (chunk.Lanes / Taps)) * Taps, place % (chunk.Lanes / Taps), chunk.Lanes);
                    }
                    else if (!WriteBytes(panel, step, quad, form, MemoryMarshal.Cast<byte, sbyte>(weights.Weights.AsSpan((step * chunk.Lanes + place) * Taps, Taps))))
                    {
                        return null;
                    }
                }
            }
        }

        return weights;
    }

    private static int CopyTo(DepthwisePanel panel, int step, int channel, CenteredWeights weight, Span<short> quad)
    {
        int sum = 0;
        quad.Clear();
        for (int i = 0; i < Taps; i++)
        {
            int tap = panel.Taps[step * Taps + i];
            if (tap >= 0)
            {
                sum += weight.CopyTo(channel, tap, quad.Slice(i, 1));
            }
        }

        return sum;
    }

    // Two vectors of pairs: taps 0 and 2, then 1 and 3.
    private static void WriteWords(ReadOnlySpan<short> quad, byte[] target, int vector, int lane, int lanes)
    {
        Span<short> words = MemoryMarshal.Cast<byte, short>(target.AsSpan());
        for (int i = 0; i < Taps; i++)
        {
            words[vector + i % 2 * (lanes / 2) + lane * 2 + i / 2] = quad[i];
        }
    }

    // Pairs that could saturate are split where the step names the second pixel again; otherwise words remain.
    private static bool WriteBytes(DepthwisePanel panel, int step, Span<short> quad, WeightForm form, Span<sbyte> target)
    {
        (int kept, int rest) = SaturationSplit.Split(quad[0], quad[1], form);
        if (rest != 0)
        {
            if (panel.Taps[step * Taps + 3] >= 0 || !IsSamePixel(panel, step * Taps + 1, step * Taps + 3))
            {
                return false;
            }

            quad[1] = (short)kept;
            quad[3] = (short)rest;
        }

        if (SaturationSplit.Split(quad[2], quad[3], form).Residue != 0)
        {
            return false;
        }

        for (int i = 0; i < Taps; i++)
        {
            target[i] = (sbyte)quad[i];
        }

        return true;
    }

    private static bool IsSamePixel(DepthwisePanel panel, int a, int b) => panel.Rows[a] == panel.Rows[b] && panel.Columns[a] == panel.Columns[b];
}
