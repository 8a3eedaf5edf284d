using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>
/// The epilogue of a Depthwise kernel on vectors: four of sums, in the order of <see cref="Quads256"/> and its like, to one of codes.
/// Kernels with fused functions bring their own.
/// </summary>
public unsafe interface IQuadCodes
{
    /// <summary>The codes of 64 channels.</summary>
    /// <param name="s0">Accumulators of the first 4 channels of each 16.</param>
    /// <param name="s1">Of the second ones.</param>
    /// <param name="s2">Of the third ones.</param>
    /// <param name="s3">Of the fourth ones.</param>
    /// <param name="block">The chunk of channels.</param>
    /// <param name="e">Scalars of the epilogue.</param>
    /// <param name="output">Where the codes will be stored; the second input's lie at a distance from it.</param>
    /// <param name="count">How many codes are stored: no other code is read.</param>
    /// <returns>The codes, in the channels' order.</returns>
    static abstract Vector512<byte> Codes(Vector512<int> s0, Vector512<int> s1, Vector512<int> s2, Vector512<int> s3, DepthwiseBlock* block, EpilogueScalars* e, byte* output, int count);

    /// <summary>The codes of 32 channels.</summary>
    /// <inheritdoc cref="Codes(Vector512{int}, Vector512{int}, Vector512{int}, Vector512{int}, DepthwiseBlock*, EpilogueScalars*, byte*, int)"/>
    static abstract Vector256<byte> Codes(Vector256<int> s0, Vector256<int> s1, Vector256<int> s2, Vector256<int> s3, DepthwiseBlock* block, EpilogueScalars* e, byte* output, int count);

    /// <summary>The codes of 16 channels.</summary>
    /// <inheritdoc cref="Codes(Vector512{int}, Vector512{int}, Vector512{int}, Vector512{int}, DepthwiseBlock*, EpilogueScalars*, byte*, int)"/>
    static abstract Vector128<byte> Codes(Vector128<int> s0, Vector128<int> s1, Vector128<int> s2, Vector128<int> s3, DepthwiseBlock* block, EpilogueScalars* e, byte* output, int count);
}
