using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Kernels.Execution;

namespace Kernels.Packing;

/// <summary>The weights of one panel of a PixelLanes kernel on their way into packed memory.</summary>
/// <param name="Start">First value of each accumulator: minus the staged zero point times the sum of the weights.</param>
/// <param name="Bytes">4 bytes a dot step; order: unit, step, accumulator.</param>
/// <param name="Residuals">For each accumulator, what was cut off saturating pairs.</param>
internal sealed record PixelWeights(int[] Start, byte[] Bytes, List<PixelResidual>[] Residuals)
{
    /// <summary>Arranges the weights of a panel.</summary>
    public static PixelWeights Of(PixelLayout layout, PixelPanel panel, CenteredWeights weight, int zeroPoint, WeightForm form)
    {
        int channels = layout.Rows.GroupStride;
        int unitChannels = form == WeightForm.Words ? 2 : 4;
        int units = channels / unitChannels;
        List<(int Step, int Accumulator, int Tap)> dots = Dots(panel);
        var result = new PixelWeights(new int[panel.Accumulators], new byte[units * dots.Count * 4], new List<PixelResidual>[panel.Accumulators]);
        for (int i = 0; i < result.Residuals.Length; i++)
        {
            result.Residuals[i] = [];
        }

        Span<short> one = new short[channels];
        for (int d = 0; d < dots.Count; d++)
        {
            (int step, int accumulator, int tap) = dots[d];
            one.Clear();
            result.Start[accumulator] -= zeroPoint * weight.CopyTo(panel.FirstChannel + accumulator % panel.Channels, tap, one);
            for (int unit = 0; unit < units; unit++)
            {
                Span<byte> target = result.Bytes.AsSpan((unit * dots.Count + d) * 4, 4);
                ReadOnlySpan<short> source = one.Slice(unit * unitChannels, unitChannels);
                if (form == WeightForm.Words)
                {
                    MemoryMarshal.AsBytes(source).CopyTo(target);
                    continue;
                }

                (int kept0, int residue0) = SaturationSplit.Split(source[0], source[1], form);
                (int kept1, int residue1) = SaturationSplit.Split(source[2], source[3], form);
                BitConverter.TryWriteBytes(target, Pack(source[0], kept0, source[2], kept1));
                if (residue0 != 0 || residue1 != 0)
                {
                    result.Residuals[accumulator].Add(new PixelResidual
                    {
                        Weights = Pack(0, residue0, 0, residue1),
                        Row = panel.Rows[step],
                        Unit = unit,
                        Offset = panel.Columns[step] * 4,
                    });
                }
            }
        }

        return result;
    }

    // The order in which the kernel's text multiplies.
    private static List<(int Step, int Accumulator, int Tap)> Dots(PixelPanel panel)
    {
        var dots = new List<(int, int, int)>();
        for (int step = 0; step < panel.Rows.Length; step++)
        {
            for (int phase = 0; phase < panel.Phases; phase++)
            {
                int tap = panel.Taps[step * panel.Phases + phase];
                for (int c = 0; tap >= 0 && c < panel.Channels; c++)
                {
                    dots.Add((step, phase * panel.Channels + c, tap));
                }
            }
        }

        return dots;
    }

    private static int Pack(int a, int b, int c, int d) => (a & 255) | (b & 255) << 8 | (c & 255) << 16 | d << 24;
}
