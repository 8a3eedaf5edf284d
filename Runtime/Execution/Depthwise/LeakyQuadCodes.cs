using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>The epilogue of layers with LeakyRelu.</summary>
public readonly unsafe struct LeakyQuadCodes : IQuadCodes
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Codes(Vector512<int> s0, Vector512<int> s1, Vector512<int> s2, Vector512<int> s3, DepthwiseBlock* block, EpilogueScalars* e, byte* output, int count) =>
        QuadEpilogue.Codes(s0, s1, s2, s3, block, *e, leaky: true);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Codes(Vector256<int> s0, Vector256<int> s1, Vector256<int> s2, Vector256<int> s3, DepthwiseBlock* block, EpilogueScalars* e, byte* output, int count) =>
        QuadEpilogue.Codes(s0, s1, s2, s3, block, *e, leaky: true);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Codes(Vector128<int> s0, Vector128<int> s1, Vector128<int> s2, Vector128<int> s3, DepthwiseBlock* block, EpilogueScalars* e, byte* output, int count) =>
        QuadEpilogue.Codes(s0, s1, s2, s3, block, *e, leaky: true);
}
