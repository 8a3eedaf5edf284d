using System.Collections.Generic;
using System.Linq;

namespace Kernels.Generators.Emission;

/// <summary>One vector of 64 output bytes that codes are permuted into.</summary>
/// <param name="Vector">Its number.</param>
/// <param name="Indices">Offset of its indices in the panel's table.</param>
/// <param name="Masks">Offset of its masks.</param>
/// <param name="ReadsThird">Whether some bytes come from a third packed vector.</param>
internal readonly record struct PixelStore(int Vector, int Indices, int Masks, bool ReadsThird);

/// <summary>
/// How a PixelLanes routine stores the codes of 16 pixels: the layout of the table that Kernels.Packing.PixelStoreTable writes, and
/// which of it a routine needs.
/// </summary>
/// <param name="BytesOfVector">Output bytes from one vector of 16 pixels to the next.</param>
/// <param name="Together">Vectors of pixels whose codes fill one vector together.</param>
/// <param name="IsContiguous">Whether the codes of a pixel lie side by side; otherwise stores are masked.</param>
/// <param name="Stores">The stores.</param>
internal sealed record PixelStorePlan(int BytesOfVector, int Together, bool IsContiguous, IReadOnlyList<PixelStore> Stores)
{
    private const int Pixels = 16;

    private const int VectorBytes = 64;

    /// <summary>The plan for a panel.</summary>
    /// <param name="phases">Horizontal phases.</param>
    /// <param name="channels">Output channels of the panel.</param>
    /// <param name="outChannels">Output channels of the layer.</param>
    public static PixelStorePlan Of(int phases, int channels, int outChannels)
    {
        int accumulators = phases * channels;
        int step = phases * outChannels;
        bool contiguous = channels == outChannels;
        int together = contiguous && accumulators <= 2 ? 4 / accumulators : 1;
        int vectors = (Pixels * together * step - outChannels + channels + VectorBytes - 1) / VectorBytes;
        int indexBytes = accumulators > 8 ? 2 * VectorBytes : VectorBytes;
        IEnumerable<(int Vector, int Code)> codes =
            from pixel in Enumerable.Range(0, Pixels * together)
            from code in Enumerable.Range(0, accumulators)
            select ((pixel * step + code / channels * outChannels + code % channels) / VectorBytes, code);
        return new PixelStorePlan(Pixels * step, together, contiguous,
        [
            .. from each in codes
               group each.Code by each.Vector into vector
               orderby vector.Key
               select new PixelStore(vector.Key, vector.Key * indexBytes, vectors * indexBytes + vector.Key * 16, vector.Any(static code => code >= 8)),
        ]);
    }
}
