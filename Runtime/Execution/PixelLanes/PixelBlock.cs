using System.Runtime.InteropServices;

namespace Kernels.Execution;

/// <summary>What a PixelLanes tile reads for one panel. All pointers lead into the memory of one packed layer.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct PixelBlock
{
    /// <summary>4 bytes (or 2 words) a dot step; order: unit, step, accumulator.</summary>
    public byte* Weights;

    /// <summary>For each accumulator an int32: what the zero point of the input takes off.</summary>
    public int* Start;

    /// <summary>For each accumulator a float32: bias / (input scale * weight scale).</summary>
    public float* Bias;

    /// <summary>For each accumulator a float32: input scale * weight scale / output scale; with a fused epilogue without the output's.</summary>
    public float* Multiplier;

    /// <summary>For each accumulator its residuals; those of accumulator i end where those of i + 1 begin.</summary>
    public PixelResidual** Residuals;

    /// <summary>
    /// Where each byte of an interleaved store comes from: for C# see <see cref="Interleave"/>, for machine code
    /// <see cref="Packing.PixelStoreTable"/>.
    /// </summary>
    public byte* Permutation;

    /// <summary>
    /// Of a fused epilogue, for all accumulators: for each ChannelAffine the scales, then the shifts; last 1 / output scale. Each array, like those before them, which end
    /// here, begins on a 64-byte boundary.
    /// </summary>
    public float* Channels;
}
