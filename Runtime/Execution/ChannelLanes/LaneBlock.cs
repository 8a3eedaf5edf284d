using System.Runtime.InteropServices;

namespace Kernels.Execution;

/// <summary>
/// What a tile reads for one block of 16 output lanes: weights, constants, and the steps that saturating weights add.
/// All pointers lead into the memory of one packed layer.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct LaneBlock
{
    /// <summary>Weights, 64 bytes a step and unit: 16 lanes of 4 bytes or 2 words. Order: step, unit.</summary>
    public byte* Weights;

    /// <summary>16 int32: what the zero point of the input takes off each accumulator. 64-byte aligned.</summary>
    public int* Start;

    /// <summary>16 float32: bias / (input scale * weight scale). 64-byte aligned.</summary>
    public float* Bias;

    /// <summary>16 float32: input scale * weight scale / output scale; with a fused epilogue without the output's. 64-byte aligned, 64 bytes behind <see cref="Bias"/>.</summary>
    public float* Multiplier;

    /// <summary>First residual of the block.</summary>
    public Residual* Residuals;

    /// <summary>Number of residuals.</summary>
    public int ResidualCount;

    /// <summary>Of a fused epilogue, 16 float32 each: for each ChannelAffine scales, then shifts; last 1 / output scale.</summary>
    public readonly float* Channels => Multiplier + 16;
}
