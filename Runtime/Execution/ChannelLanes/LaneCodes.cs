using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>The epilogue of layers without functions of their own, and of those whose activation is a clamp.</summary>
public readonly unsafe struct LaneCodes : ILaneCodes
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Codes(Vector512<int> sum, LaneBlock* block, int lane, EpilogueScalars* e, byte* output, int count) =>
        Lanes.Requantize(sum, Vector512.Load(block->Bias + lane), Vector512.Load(block->Multiplier + lane), *e);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Codes(Vector256<int> sum, LaneBlock* block, int lane, EpilogueScalars* e, byte* output, int count) =>
        Lanes.Requantize(sum, Vector256.Load(block->Bias + lane), Vector256.Load(block->Multiplier + lane), *e);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Codes(Vector128<int> sum, LaneBlock* block, int lane, EpilogueScalars* e, byte* output, int count) =>
        Lanes.Requantize(sum, Vector128.Load(block->Bias + lane), Vector128.Load(block->Multiplier + lane), *e);
}
