using System;
using System.Linq;
using System.Runtime.InteropServices;
using Kernels.Execution;
using Kernels.Layers;

namespace Kernels.Packing;

/// <summary>The weights of a layer, arranged by panel, group and block of 16 lanes, as bytes or as words.</summary>
internal sealed record LaneWeights(WeightForm Form, LaneBlockWeights[][] Panels)
{
    private const int BlockLanes = PackedChannelLanes.BlockLanes;

    /// <summary>Arranges weights as bytes; they must fit.</summary>
    /// <param name="layout">The kernel's layout.</param>
    /// <param name="weight">The weights.</param>
    /// <param name="zeroPoint">Zero point of staged activations.</param>
    /// <param name="form">Any but words.</param>
    /// <param name="residualLimit">Most residuals for each step and unit.</param>
    /// <returns>The arrangement, or null when splitting would need more residuals than that.</returns>
    public static LaneWeights? Bytes(LaneLayout layout, CenteredWeights weight, int zeroPoint, WeightForm form, double residualLimit)
    {
        LaneWeights weights = Arrange(layout, weight, zeroPoint, form);
        long units = weights.Panels.Sum(panel => panel.Sum(block => (long)block.Bytes.Length / 64));
        long residuals = weights.Panels.Sum(panel => panel.Sum(block => (long)block.Residuals.Count));
        return residuals > units * residualLimit ? null : weights;
    }

    /// <summary>Arranges weights as words for vpmaddwd.</summary>
    /// <param name="layout">The kernel's layout.</param>
    /// <param name="weight">The weights.</param>
    /// <param name="zeroPoint">Zero point of the input.</param>
    /// <returns>The arrangement.</returns>
    public static LaneWeights Words(LaneLayout layout, CenteredWeights weight, int zeroPoint) => Arrange(layout, weight, zeroPoint, WeightForm.Words);

    private static LaneWeights Arrange(LaneLayout layout, CenteredWeights weight, int zeroPoint, WeightForm form)
    {
        var panels = new LaneBlockWeights[layout.Panels.Length][];
        for (int p = 0; p < panels.Length; p++)
        {
            LanePanel panel = layout.Panels[p];
            int lanes = panel.Phases * (layout.Spec.OutChannels / layout.Spec.Groups);
            int blocks = (lanes + BlockLanes - 1) / BlockLanes;
            panels[p] = new LaneBlockWeights[layout.Spec.Groups * blocks];
            for (int b = 0; b < panels[p].Length; b++)
            {
                panels[p][b] = ArrangeBlock(layout, panel, weight, zeroPoint, form, b / blocks, b % blocks * BlockLanes);
            }
        }

        return new LaneWeights(form, panels);
    }

    private static LaneBlockWeights ArrangeBlock(LaneLayout layout, LanePanel panel, CenteredWeights weight, int zeroPoint, WeightForm form, int group, int firstLane)
    {
        ConvolutionSpec spec = layout.Spec;
        int groupOutputs = spec.OutChannels / spec.Groups;
        int groupInputs = spec.InChannels / spec.Groups;
        int channels = (panel.StepTaps * groupInputs + 3) / 4 * 4;
        var block = new LaneBlockWeights(new int[BlockLanes], new int[BlockLanes], new byte[panel.Steps * channels * BlockLanes * (form == WeightForm.Words ? 2 : 1)], []);
        Span<short> words = MemoryMarshal.Cast<byte, short>(block.Bytes.AsSpan());
        Span<short> step = new short[channels * BlockLanes];
        Span<short> one = new short[groupInputs];
        for (int s = 0; s < panel.Steps; s++)
        {
            // [unit of 4 channels][lane][channel in unit]
            step.Clear();
            for (int lane = 0; lane < BlockLanes; lane++)
            {
                int phase = (firstLane + lane) / groupOutputs;
                int output = group * groupOutputs + (firstLane + lane) % groupOutputs;
                for (int t = 0; t < panel.StepTaps && phase < panel.Phases; t++)
                {
                    int tap = panel.Taps[(s * panel.StepTaps + t) * panel.Phases + phase];
                    if (tap < 0)
                    {
                        continue;
                    }

                    int sum = weight.CopyTo(output, tap, one);
                    for (int c = 0; c < groupInputs; c++)
                    {
                        int place = t * groupInputs + c;
                        step[(place / 4 * BlockLanes + lane) * 4 + place % 4] = one[c];
                    }

                    block.Start[lane] -= zeroPoint * sum;
                }
            }

            if (form == WeightForm.Words)
            {
                WriteWords(step, words.Slice(s * step.Length, step.Length));
            }
            else
            {
                WriteBytes(layout, panel, s, step, form, block);
            }
        }

        for (int lane = 0; lane < BlockLanes; lane++)
        {
            bool stored = firstLane + lane < panel.Phases * groupOutputs;
            block.Channels[lane] = stored ? group * groupOutputs + (firstLane + lane) % groupOutputs : -1;
        }

        return block;
    }

    // A unit of words is a pair of channels: [pair][lane][2].
    private static void WriteWords(ReadOnlySpan<short> step, Span<short> target)
    {
        for (int i = 0; i < step.Length; i++)
        {
            int unit = i / (4 * BlockLanes);
            int lane = i / 4 % BlockLanes;
            int channel = i % 4;
            target[((unit * 2 + channel / 2) * BlockLanes + lane) * 2 + channel % 2] = step[i];
        }
    }

    private static void WriteBytes(LaneLayout layout, LanePanel panel, int s, ReadOnlySpan<short> step, WeightForm form, LaneBlockWeights block)
    {
        const int Unit = 4 * BlockLanes;
        Span<sbyte> target = MemoryMarshal.Cast<byte, sbyte>(block.Bytes.AsSpan(s * step.Length, step.Length));
        for (int unit = 0; unit < step.Length; unit += Unit)
        {
            var residual = new Residual { Row = panel.Rows[s], Offset = panel.Columns[s] * layout.Rows.PixelStride + unit / BlockLanes };
            WriteUnit(step.Slice(unit, Unit), form, target.Slice(unit, Unit), residual, block);
        }
    }

    private static unsafe void WriteUnit(ReadOnlySpan<short> unit, WeightForm form, Span<sbyte> target, Residual residual, LaneBlockWeights block)
    {
        bool any = false;
        for (int i = 0; i < unit.Length; i += 2)
        {
            (int kept, int rest) = SaturationSplit.Split(unit[i], unit[i + 1], form);
            target[i] = (sbyte)unit[i];
            target[i + 1] = (sbyte)kept;
            residual.Weights[i + 1] = (sbyte)rest;
            any |= rest != 0;
        }

        if (any)
        {
            block.Residuals.Add(residual);
        }
    }
}
