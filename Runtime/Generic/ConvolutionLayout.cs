using System;
using Kernels.Layers;

namespace Kernels.Generic;

/// <summary>One multiply-add operand of packed weights: the 4 bytes of an output channel, a step and a tap.</summary>
/// <param name="outputChannel">Output channel, counted across groups.</param>
/// <param name="step">Step within the group's input channels.</param>
/// <param name="ky">Kernel row.</param>
/// <param name="kx">Kernel column.</param>
internal delegate int WeightStep(int outputChannel, int step, int ky, int kx);

/// <summary>
/// How a convolution is cut into phases, groups, blocks of output channels and steps, and where each packed weight lies:
/// <c>[phase][group][block][tap][step][vector][lane]</c>. A block is one or two vectors of output channels.
/// When every group has a single input channel, lanes are channels on both sides: one group, one step, one vector a block.
/// </summary>
internal sealed class ConvolutionLayout
{
    private readonly int[] _rowOffsets;
    private readonly int[] _columnOffsets;

    public ConvolutionLayout(ConvolutionSpec spec, int lanes, int channelsPerStep)
    {
        Spec = spec;
        Lanes = lanes;
        Rows = AxisGeometry.Of(spec.IsTransposed, spec.Vertical with { InputSize = 0 });
        Columns = AxisGeometry.Of(spec.IsTransposed, spec.Horizontal with { InputSize = 0 });
        IsDepthwise = IsDepthwiseSpec(spec);
        Groups = IsDepthwise ? 1 : spec.Groups;
        GroupOutputs = spec.OutChannels / Groups;
        Vectors = (GroupOutputs + lanes - 1) / lanes;
        VectorsPerBlock = IsDepthwise ? 1 : 2;
        Steps = IsDepthwise ? 1 : (spec.InChannels / Groups + channelsPerStep - 1) / channelsPerStep;
        PixelSteps = IsDepthwise ? Vectors * lanes : Groups * Steps;

        _rowOffsets = Before(Rows);
        _columnOffsets = Before(Columns);
        WeightCount = checked(spec.KernelHeight * spec.KernelWidth * StepsOfTap);
    }

    public ConvolutionSpec Spec { get; }

    /// <summary>Lanes of a vector.</summary>
    public int Lanes { get; }

    /// <summary>Phases of the vertical axis.</summary>
    public AxisGeometry Rows { get; }

    /// <summary>Phases of the horizontal axis.</summary>
    public AxisGeometry Columns { get; }

    public bool IsDepthwise { get; }

    /// <summary>Groups as the kernel sees them: 1 when depthwise.</summary>
    public int Groups { get; }

    /// <summary>Output channels of a group.</summary>
    public int GroupOutputs { get; }

    /// <summary>Vectors that hold a group's output channels.</summary>
    public int Vectors { get; }

    /// <summary>Vectors of a whole block; the last block of a group may have one only.</summary>
    public int VectorsPerBlock { get; }

    /// <summary>Steps of one tap.</summary>
    public int Steps { get; }

    /// <summary>Steps of one input pixel, all groups.</summary>
    public int PixelSteps { get; }

    /// <summary>Packed weights in units of 4 bytes.</summary>
    public int WeightCount { get; }

    /// <summary>Channels in packed order, each group padded to whole vectors.</summary>
    public int PaddedChannels => Groups * Vectors * Lanes;

    private int StepsOfTap => Steps * Groups * Vectors * Lanes;

    /// <summary>Whether every group of a layer has a single input channel.</summary>
    public static bool IsDepthwiseSpec(ConvolutionSpec spec) => spec.Groups > 1 && spec.InChannels == spec.Groups;

    /// <summary>Offset of a block's first weight.</summary>
    public int BlockOffset(int rowPhase, int columnPhase, int group, int block)
    {
        int rows = Rows.Phases[rowPhase].Taps.Count;
        int taps = rows * Columns.Phases[columnPhase].Taps.Count;
        return (_rowOffsets[rowPhase] * Spec.KernelWidth + rows * _columnOffsets[columnPhase]) * StepsOfTap + (group * Vectors + block * VectorsPerBlock) * Lanes * taps * Steps;
    }

    /// <summary>Vectors in a block.</summary>
    public int BlockVectors(int block) => Math.Min(VectorsPerBlock, Vectors - block * VectorsPerBlock);

    /// <summary>Packs weights; padding lanes are 0.</summary>
    public AlignedArray<int> Pack(WeightStep weight)
    {
        var packed = new AlignedArray<int>(WeightCount);
        Span<int> target = packed.Span;
        int blocks = (Vectors + VectorsPerBlock - 1) / VectorsPerBlock;
        for (int py = 0; py < Rows.Phases.Count; py++)
        {
            for (int px = 0; px < Columns.Phases.Count; px++)
            {
                // Most phases have no taps where the stride is much longer than the kernel.
                if (Rows.Phases[py].Taps.Count * Columns.Phases[px].Taps.Count == 0)
                {
                    continue;
                }

                for (int group = 0; group < Groups; group++)
                {
                    for (int block = 0; block < blocks; block++)
                    {
                        PackBlock(weight, target[BlockOffset(py, px, group, block)..], Rows.Phases[py].Taps, Columns.Phases[px].Taps, group, block);
                    }
                }
            }
        }

        return packed;
    }

    /// <summary>Brings values that exist once an output channel into packed order.</summary>
    public AlignedArray<float> PackChannels(ReadOnlySpan<float> values)
    {
        var packed = new AlignedArray<float>(PaddedChannels);
        for (int channel = 0; channel < values.Length; channel++)
        {
            packed.Span[channel / GroupOutputs * Vectors * Lanes + channel % GroupOutputs] = values[channel];
        }

        return packed;
    }

    // Taps of the phases before each.
    private static int[] Before(AxisGeometry axis)
    {
        var before = new int[axis.Phases.Count];
        for (int phase = 1; phase < before.Length; phase++)
        {
            before[phase] = before[phase - 1] + axis.Phases[phase - 1].Taps.Count;
        }

        return before;
    }

    private void PackBlock(WeightStep weight, Span<int> target, EquatableArray<AxisTap> rowTaps, EquatableArray<AxisTap> columnTaps, int group, int block)
    {
        int next = 0;
        foreach (AxisTap row in rowTaps)
        {
            foreach (AxisTap column in columnTaps)
            {
                for (int step = 0; step < Steps; step++)
                {
                    for (int lane = 0; lane < BlockVectors(block) * Lanes; lane++)
                    {
                        int channel = block * VectorsPerBlock * Lanes + lane;
                        target[next++] = channel < GroupOutputs ? weight(group * GroupOutputs + channel, step, row.Kernel, column.Kernel) : 0;
                    }
                }
            }
        }
    }
}
