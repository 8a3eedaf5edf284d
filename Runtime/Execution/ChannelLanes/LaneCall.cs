using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Kernels.Shared;

namespace Kernels.Execution;

/// <summary>
/// What the machine code of ChannelLanes tiles reads; its offsets stand in the assembler's text. A routine works through
/// <see cref="Tiles"/> tiles side by side, and moves <see cref="X"/> and <see cref="Output"/> on by a tile each time.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct LaneCall
{
    /// <summary>For each step the address of the row's first pixel that it looks at.</summary>
    public byte** Steps;

    /// <summary>Bytes from there to the tile's first pixel.</summary>
    public nint X;

    /// <summary>Receives the codes of the tile's first pixel.</summary>
    public byte* Output;

    /// <summary>The tile's blocks of 16 lanes.</summary>
    public LaneBlock* Block;

    /// <summary>How many steps there are; 0 where no tap reaches.</summary>
    public nint Count;

    /// <summary>Tiles to work through, at least 1; 0 afterwards.</summary>
    public nint Tiles;

    /// <summary>The scalars of the epilogue.</summary>
    public EpilogueScalars* Epilogue;

    /// <summary>A bit for each lane of the last store of a pixel; read only by tiles whose last block is partly filled.</summary>
    public ulong Mask;

    /// <summary>Dot steps of each step; read only by routines that serve steps of several lengths.</summary>
    public nint Units;

    /// <summary>First byte of the kernel's code; for the caller.</summary>
    public nint Code;

    // Dot steps of an accumulator.
    private int _dots;

    /// <summary>Sets the steps of a pattern.</summary>
    /// <param name="rows">Input rows.</param>
    /// <param name="rowCount">Rows of the pattern.</param>
    /// <param name="rowStep">Input rows from one to the next.</param>
    /// <param name="columns">Columns of the pattern.</param>
    /// <param name="columnBytes">Bytes from one to the next.</param>
    /// <param name="units">Units of 4 input channels of a step.</param>
    public void Look(byte** rows, int rowCount, int rowStep, int columns, nint columnBytes, int units)
    {
        Begin(rowCount * columns, units);
        for (int r = 0; r < rowCount; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                Steps[r * columns + c] = rows[r * rowStep] + c * columnBytes;
            }
        }
    }

    /// <summary>Sets the number of steps, for a caller that fills in their table.</summary>
    /// <param name="count">Steps.</param>
    /// <param name="units">Dot steps of each.</param>
    public void Begin(int count, int units)
    {
        Count = count;
        Units = units;
        _dots = count * units;
    }

    /// <summary>Runs a routine over neighbouring tiles.</summary>
    /// <param name="call">The call, its other fields filled in.</param>
    /// <param name="routine">Offset of the routine in the kernel's code.</param>
    /// <param name="accumulators">Accumulators of a tile.</param>
    /// <param name="x">See <see cref="X"/>.</param>
    /// <param name="block">See <see cref="Block"/>.</param>
    /// <param name="output">See <see cref="Output"/>.</param>
    /// <param name="tiles">See <see cref="Tiles"/>; may be 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(LaneCall* call, nint routine, int accumulators, nint x, LaneBlock* block, byte* output, nint tiles)
    {
        nint most = CallBudget.Tiles(accumulators * call->_dots);
        call->X = x;
        call->Block = block;
        call->Output = output;
        Routine.Run(call, &call->Tiles, call->Code + routine, most, tiles);
    }
}
