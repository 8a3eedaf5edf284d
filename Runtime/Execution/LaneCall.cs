using System.Runtime.InteropServices;

namespace Kernels.Execution;

/// <summary>What the machine code of a ChannelLanes tile reads; its offsets stand in the assembler's text.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct LaneCall
{
    /// <summary>For each step the address of the row's first pixel that it looks at.</summary>
    public byte** Steps;

    /// <summary>Bytes from there to the tile's first pixel.</summary>
    public nint X;

    /// <summary>Receives the accumulators: pixel, vector, 16 lanes.</summary>
    public int* Sums;

    /// <summary>Weights of the first block.</summary>
    public byte* Weights0;

    /// <summary>Weights of the second block.</summary>
    public byte* Weights1;

    /// <summary>Start values of the first block.</summary>
    public int* Start0;

    /// <summary>Start values of the second block.</summary>
    public int* Start1;

    /// <summary>How many steps there are; 0 where no tap reaches.</summary>
    public nint Count;

    /// <summary>First byte of the kernel's code; for the caller.</summary>
    public nint Code;
}
