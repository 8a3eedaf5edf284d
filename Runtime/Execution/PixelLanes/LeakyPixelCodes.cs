using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>The epilogue of layers with LeakyRelu.</summary>
public readonly unsafe struct LeakyPixelCodes : IPixelCodes
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Codes(Vector512<int> sum, PixelBlock* block, int a, EpilogueScalars* e, byte* second) =>
        Lanes.CodesLeaky(sum, block->Bias[a], block->Multiplier[a], *e);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Codes(Vector256<int> sum, PixelBlock* block, int a, EpilogueScalars* e, byte* second) =>
        Lanes.CodesLeaky(sum, block->Bias[a], block->Multiplier[a], *e);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Codes(Vector128<int> sum, PixelBlock* block, int a, EpilogueScalars* e, byte* second) =>
        Lanes.CodesLeaky(sum, block->Bias[a], block->Multiplier[a], *e);
}
