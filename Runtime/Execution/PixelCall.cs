using System.Runtime.InteropServices;

namespace Kernels.Execution;

/// <summary>What the machine code of a PixelLanes tile reads; its offsets stand in the assembler's text.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct PixelCall
{
    /// <summary>Input rows of the tile's steps.</summary>
    public byte** Rows;

    /// <summary>Bytes from a row's start to the first pixel.</summary>
    public nint X;

    /// <summary>Receives the accumulators: vector, accumulator, 16 pixels.</summary>
    public int* Sums;

    /// <summary>Weights: unit, step, accumulator.</summary>
    public byte* Weights;

    /// <summary>Start values.</summary>
    public int* Start;

    /// <summary>Bytes from one unit's plane to the next.</summary>
    public nint Plane;

    /// <summary>First byte of the kernel's code; for the caller.</summary>
    public nint Code;
}
