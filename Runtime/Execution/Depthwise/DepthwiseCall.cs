using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Kernels.Execution;

/// <summary>
/// What the machine code of depthwise tiles reads; its offsets stand in the assembler's text. A routine works through
/// <see cref="Tiles"/> tiles side by side, and moves <see cref="X"/> and <see cref="Output"/> on by a tile each time.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct DepthwiseCall
{
    /// <summary>Input rows of the panel, each at column 0.</summary>
    public byte** Rows;

    /// <summary>Bytes from there to the tile's first channel of its first position.</summary>
    public nint X;

    /// <summary>Receives the codes of the tile's first pixel.</summary>
    public byte* Output;

    /// <summary>The chunk of channels.</summary>
    public DepthwiseBlock* Block;

    /// <summary>A bit for each code of a pixel that is stored; read only by tiles whose vectors may be partly filled.</summary>
    public ulong Mask;

    /// <summary>Tiles to work through, at least 1; 0 afterwards.</summary>
    public nint Tiles;

    /// <summary>The scalars of the epilogue.</summary>
    public EpilogueScalars* Epilogue;

    /// <summary>First byte of the kernel's code; for the caller.</summary>
    public nint Code;

    /// <summary>Runs a routine over neighbouring tiles.</summary>
    /// <param name="call">The call, its other fields filled in.</param>
    /// <param name="routine">Offset of the routine in the kernel's code.</param>
    /// <param name="most">Tiles after which the routine returns for a moment, so that a garbage collection need not wait for a whole row.</param>
    /// <param name="x">See <see cref="X"/>.</param>
    /// <param name="block">See <see cref="Block"/>.</param>
    /// <param name="output">See <see cref="Output"/>.</param>
    /// <param name="tiles">See <see cref="Tiles"/>; may be 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(DepthwiseCall* call, nint routine, nint most, nint x, DepthwiseBlock* block, byte* output, nint tiles)
    {
        call->X = x;
        call->Block = block;
        call->Output = output;
        Routine.Run(call, &call->Tiles, call->Code + routine, most, tiles);
    }
}
