using Kernels.Packing;

namespace Kernels.Execution;

/// <summary>Rows of a PixelLanes kernel in loops, for any shape: see <see cref="ILaneLoops"/>.</summary>
public unsafe interface IPixelLoops
{
    /// <summary>One row of output pixels of a panel.</summary>
    /// <param name="packed">The layer.</param>
    /// <param name="index">The panel.</param>
    /// <param name="rows">Input rows of the panel's steps.</param>
    /// <param name="plane">Bytes from one unit's plane to the next.</param>
    /// <param name="e">Scalars of the epilogue.</param>
    /// <param name="output">First code of the row that belongs to the panel.</param>
    /// <param name="count">Output pixels of the first phase.</param>
    /// <param name="width">Output pixels of all phases.</param>
    static abstract void Row(PackedPixelLanes packed, int index, byte** rows, nint plane, EpilogueScalars* e, byte* output, int count, int width);
}
