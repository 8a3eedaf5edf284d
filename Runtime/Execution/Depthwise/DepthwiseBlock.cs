using System.Runtime.InteropServices;

namespace Kernels.Execution;

/// <summary>
/// What a depthwise tile reads for one chunk of channels: weights and constants, in the order in which unpacking leaves the channels to
/// four vectors of accumulators. All pointers lead into the memory of one packed layer, on 64-byte boundaries.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct DepthwiseBlock
{
    /// <summary>Weights of each dot step, phase by phase: four vectors of 4 bytes a lane; of words four pairs of vectors, taps 0 and 2, then 1 and 3.</summary>
    public byte* Weights;

    /// <summary>For each phase four vectors of int32: what the zero point of the input takes off each accumulator.</summary>
    public int* Start;

    /// <summary>Four vectors of float32: bias / (input scale * weight scale).</summary>
    public float* Bias;

    /// <summary>
    /// Four vectors of float32: input scale * weight scale / output scale; with a fused epilogue without the output's, and behind them
    /// for each of its ChannelAffine four vectors of scales, then four of shifts; last four of 1 / output scale.
    /// </summary>
    public float* Multiplier;
}
