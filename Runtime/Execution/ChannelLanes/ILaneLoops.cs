namespace Kernels.Execution;

/// <summary>
/// Rows of a ChannelLanes kernel in loops, for any shape: what a generated kernel runs where its unrolled tiles are not there (tiers that
/// few machines have) or not optimised (a Debug build). The same packed weights, the same order of sums, the same bytes.
/// </summary>
public unsafe interface ILaneLoops
{
    /// <summary>Bytes that an activation takes in staged rows: 1 or 2.</summary>
    static abstract int ChannelBytes { get; }

    /// <summary>One row of output pixels of a panel.</summary>
    /// <param name="shape">The numbers of the panel.</param>
    /// <param name="rows">Input rows of the panel's steps.</param>
    /// <param name="x">Bytes from a row's start to the first pixel's first channel.</param>
    /// <param name="block">Blocks of the panel, group by group.</param>
    /// <param name="e">Scalars of the epilogue.</param>
    /// <param name="output">First code of the row.</param>
    /// <param name="count">Output pixels.</param>
    static abstract void Row(in LaneShape shape, byte** rows, nint x, LaneBlock* block, EpilogueScalars* e, byte* output, int count);
}
