using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Kernels.Execution;

/// <summary>
/// What the machine code of PixelLanes tiles reads; its offsets stand in the assembler's text. A routine works through
/// <see cref="Tiles"/> tiles side by side, and moves <see cref="X"/> and <see cref="Output"/> on by a tile each time.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct PixelCall
{
    /// <summary>Input rows of the tile's steps.</summary>
    public byte** Rows;

    /// <summary>Bytes from a row's start to the tile's first pixel.</summary>
    public nint X;

    /// <summary>Receives the codes of the tile's first pixel.</summary>
    public byte* Output;

    /// <summary>The panel.</summary>
    public PixelBlock* Block;

    /// <summary>Bytes from one unit's plane to the next.</summary>
    public nint Plane;

    /// <summary>Tiles to work through, at least 1; 0 afterwards.</summary>
    public nint Tiles;

    /// <summary>The scalars of the epilogue.</summary>
    public EpilogueScalars* Epilogue;

    /// <summary>First byte of the kernel's code; for the caller.</summary>
    public nint Code;

    /// <summary>
    /// Where the input lies that the next row of tiles stages: a routine asks the caches for it beside its dot steps, and moves on
    /// by a tile's share. It may lie outside the image: nothing is read.
    /// </summary>
    public byte* Ahead;

    /// <summary>Bytes from an output row to the one that the next row of tiles writes: a routine asks for that too.</summary>
    public nint NextOutput;

    /// <summary>What <see cref="Ahead"/> is at the start of every panel.</summary>
    public byte* NextInput;

    /// <summary>Sets what a panel reads.</summary>
    /// <param name="rows">See <see cref="Rows"/>.</param>
    /// <param name="block">See <see cref="Block"/>.</param>
    public void Look(byte** rows, PixelBlock* block)
    {
        Rows = rows;
        Block = block;
        Ahead = NextInput;
    }

    /// <summary>Runs a routine over neighbouring tiles.</summary>
    /// <param name="call">The call, its other fields filled in.</param>
    /// <param name="routine">Offset of the routine in the kernel's code.</param>
    /// <param name="most">Tiles after which the routine returns for a moment, so that a garbage collection need not wait for a whole row.</param>
    /// <param name="x">See <see cref="X"/>.</param>
    /// <param name="output">See <see cref="Output"/>.</param>
    /// <param name="tiles">See <see cref="Tiles"/>; may be 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(PixelCall* call, nint routine, nint most, nint x, byte* output, nint tiles)
    {
        call->X = x;
        call->Output = output;
        Routine.Run(call, &call->Tiles, call->Code + routine, most, tiles);
    }
}
