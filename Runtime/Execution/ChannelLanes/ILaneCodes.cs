using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>The epilogue of a ChannelLanes kernel on vectors: sums to codes. Kernels with fused functions bring their own.</summary>
public unsafe interface ILaneCodes
{
    /// <summary>The codes of 16 lanes.</summary>
    /// <param name="sum">Accumulators.</param>
    /// <param name="block">The block that they belong to.</param>
    /// <param name="lane">The first one's lane in it.</param>
    /// <param name="e">Scalars of the epilogue.</param>
    /// <param name="output">Where the codes will be stored; the second input's lie at a distance from it.</param>
    /// <param name="count">How many lanes hold channels: no other code is read.</param>
    /// <returns>A code a lane, in the lower bytes.</returns>
    static abstract Vector128<byte> Codes(Vector512<int> sum, LaneBlock* block, int lane, EpilogueScalars* e, byte* output, int count);

    /// <summary>The codes of 8 lanes.</summary>
    /// <inheritdoc cref="Codes(Vector512{int}, LaneBlock*, int, EpilogueScalars*, byte*, int)"/>
    static abstract Vector128<byte> Codes(Vector256<int> sum, LaneBlock* block, int lane, EpilogueScalars* e, byte* output, int count);

    /// <summary>The codes of 4 lanes.</summary>
    /// <inheritdoc cref="Codes(Vector512{int}, LaneBlock*, int, EpilogueScalars*, byte*, int)"/>
    static abstract Vector128<byte> Codes(Vector128<int> sum, LaneBlock* block, int lane, EpilogueScalars* e, byte* output, int count);
}
