using Kernels.Packing;

namespace Kernels.Execution;

/// <summary>Rows of a Depthwise kernel in loops, for any shape: see <see cref="ILaneLoops"/>.</summary>
public unsafe interface IDepthwiseLoops
{
    /// <summary>One row of output pixels of a panel.</summary>
    /// <param name="packed">The layer.</param>
    /// <param name="index">The panel.</param>
    /// <param name="rows">Input rows of the panel.</param>
    /// <param name="e">Scalars of the epilogue.</param>
    /// <param name="output">First code of the row that belongs to the panel.</param>
    /// <param name="count">Output positions.</param>
    static abstract void Row(PackedDepthwise packed, int index, byte** rows, EpilogueScalars* e, byte* output, int count);
}
