using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>The epilogue of a PixelLanes kernel on vectors: sums to codes, not narrowed. Kernels with fused functions bring their own.</summary>
public unsafe interface IPixelCodes
{
    /// <summary>The codes of 16 pixels.</summary>
    /// <param name="sum">Accumulators.</param>
    /// <param name="block">The panel.</param>
    /// <param name="a">Index of the accumulator: its channel in its phase.</param>
    /// <param name="e">Scalars of the epilogue.</param>
    /// <param name="second">Codes of the second input, one a pixel; not read where none is added.</param>
    /// <returns>Codes of 0 to 255.</returns>
    static abstract Vector512<int> Codes(Vector512<int> sum, PixelBlock* block, int a, EpilogueScalars* e, byte* second);

    /// <summary>The codes of 8 pixels.</summary>
    /// <inheritdoc cref="Codes(Vector512{int}, PixelBlock*, int, EpilogueScalars*, byte*)"/>
    static abstract Vector256<int> Codes(Vector256<int> sum, PixelBlock* block, int a, EpilogueScalars* e, byte* second);

    /// <summary>The codes of 4 pixels.</summary>
    /// <inheritdoc cref="Codes(Vector512{int}, PixelBlock*, int, EpilogueScalars*, byte*)"/>
    static abstract Vector128<int> Codes(Vector128<int> sum, PixelBlock* block, int a, EpilogueScalars* e, byte* second);
}
