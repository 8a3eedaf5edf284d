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
    private readonly int[] _phaseOffsets;

    public ConvolutionLayout(ConvolutionSpec spec, int lanes, int channelsPerStep)
    {
        Spec = spec;
        Lanes = lanes;
        Rows = AxisPhase.Create(spec.Kind, spec.KernelHeight, spec.StrideHeight, spec.PaddingHeight, spec.DilationHeight);
        Columns = AxisPhase.Create(spec.Kind, spec.KernelWidth, spec.StrideWidth, spec.PaddingWidth, spec.DilationWidth);
        IsDepthwise = IsDepthwiseSpec(spec);
        Groups = IsDepthwise ? 1 : spec.Groups;
        GroupOutputs = spec.OutChannels / Groups;
        Vectors = (GroupOutputs + lanes - 1) / lanes;
        VectorsPerBlock = IsDepthwise ? 1 : 2;
        Steps = IsDepthwise ? 1 : (spec.InChannels / Groups + channelsPerStep - 1) / channelsPerStep;
        PixelSteps = IsDepthwise ? Vectors * lanes : Groups * Steps;

        _phaseOffsets = new int[Rows.Length * Columns.Length];
        int offset = 0;
        for (int i = 0; i < _phaseOffsets.Length; i++)
        {
            _phaseOffsets[i] = offset;
            int taps = Rows[i / Columns.Length].Taps.Length * Columns[i % Columns.Length].Taps.Length;
            offset = checked(offset + taps * Steps * Groups * Vectors * lanes);
        }

        WeightCount = offset;
    }

    public ConvolutionSpec Spec { get; }

    /// <summary>Lanes of a vector.</summary>
    public int Lanes { get; }

    /// <summary>Phases of the vertical axis.</summary>
    public AxisPhase[] Rows { get; }

    /// <summary>Phases of the horizontal axis.</summary>
    public AxisPhase[] Columns { get; }

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

    /// <summary>Whether every group of a layer has a single input channel.</summary>
    public static bool IsDepthwiseSpec(ConvolutionSpec spec) => spec.Groups > 1 && spec.InChannels == spec.Groups;

    /// <summary>Offset of a block's first weight.</summary>
    public int BlockOffset(int rowPhase, int columnPhase, int group, int block)
    {
        int taps = Rows[rowPhase].Taps.Length * Columns[columnPhase].Taps.Length;
        return _phaseOffsets[rowPhase * Columns.Length + columnPhase] + (group * Vectors + block * VectorsPerBlock) * Lanes * taps * Steps;
    }

    /// <summary>Vectors in a block.</summary>
    public int BlockVectors(int block) => Math.Min(VectorsPerBlock, Vectors - block * VectorsPerBlock);

    /// <summary>Packs weights; padding lanes are 0.</summary>
    public AlignedArray<int> Pack(WeightStep weight)
    {
        var packed = new AlignedArray<int>(WeightCount);
        Span<int> target = packed.Span;
        int blocks = (Vectors + VectorsPerBlock - 1) / VectorsPerBlock;
        for (int py = 0; py < Rows.Length; py++)
        {
            for (int px = 0; px < Columns.Length; px++)
            {
                for (int group = 0; group < Groups; group++)
                {
                    for (int block = 0; block < blocks; block++)
                    {
                        PackBlock(weight, target[BlockOffset(py, px, group, block)..], Rows[py].Taps, Columns[px].Taps, group, block);
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

    private void PackBlock(WeightStep weight, Span<int> target, Tap[] rowTaps, Tap[] columnTaps, int group, int block)
    {
        int next = 0;
        foreach (Tap row in rowTaps)
        {
            foreach (Tap column in columnTaps)
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
