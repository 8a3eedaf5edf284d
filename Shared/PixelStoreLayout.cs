using System.Collections.Generic;

namespace Kernels.Shared;

/// <summary>
/// How the machine code of a PixelLanes kernel stores the codes of 16 pixels. The codes of 4 accumulators come out of saturating packs
/// as one vector: in each of its 4 lanes of 16 bytes, 4 pixels of the first accumulator, 4 of the second, and so on. A table says where
/// each byte of output comes from: for each 64 bytes of output 64 indices into the first two such vectors, and 64 more into a third
/// where there is one; then for each 64 bytes of output two masks, of the bytes that come from the third vector and of the bytes that
/// are stored at all. Packing writes the table; the generator's routines read it.
/// </summary>
/// <param name="Phases">Horizontal phases of a pixel.</param>
/// <param name="Channels">Output channels of the panel.</param>
/// <param name="OutChannels">Output channels of the layer.</param>
internal sealed record PixelStoreLayout(int Phases, int Channels, int OutChannels)
{
    /// <summary>Pixels of a vector of accumulators.</summary>
    public const int Pixels = 16;

    /// <summary>Bytes of a vector.</summary>
    public const int VectorBytes = 64;

    /// <summary>Bytes of the two masks of a vector.</summary>
    public const int MaskBytes = 16;

    /// <summary>Accumulators of a pixel.</summary>
    public int Accumulators => Phases * Channels;

    /// <summary>Output bytes from one pixel to the next.</summary>
    public int PixelBytes => Phases * OutChannels;

    /// <summary>Whether the codes of a pixel lie side by side; otherwise stores are masked.</summary>
    public bool IsContiguous => Channels == OutChannels;

    /// <summary>Vectors of pixels whose codes fill one vector together: of one or two accumulators.</summary>
    public int Together => IsContiguous && Accumulators <= 2 ? 4 / Accumulators : 1;

    /// <summary>Vectors of output that pixels stored together touch.</summary>
    public int Vectors => (Pixels * Together * PixelBytes - OutChannels + Channels + VectorBytes - 1) / VectorBytes;

    /// <summary>Whether there is a third packed vector.</summary>
    public bool HasThird => Accumulators > 8;

    /// <summary>Bytes of the table.</summary>
    public int Bytes => Vectors * (IndexBytes + MaskBytes);

    private int IndexBytes => HasThird ? 2 * VectorBytes : VectorBytes;

    /// <summary>Offset of a vector's indices in the table.</summary>
    public int IndicesOf(int vector) => vector * IndexBytes;

    /// <summary>Offset of a vector's masks in the table.</summary>
    public int MasksOf(int vector) => Vectors * IndexBytes + vector * MaskBytes;

    /// <summary>Where codes of pixels stored together go: for each its accumulator, its byte in the output and its byte in the packed vectors.</summary>
    public IEnumerable<(int Accumulator, int Target, int Source)> Codes()
    {
        for (int pixel = 0; pixel < Pixels * Together; pixel++)
        {
            for (int code = 0; code < Accumulators; code++)
            {
                int place = pixel / Pixels * Accumulators + code;
                yield return (
                    code,
                    pixel * PixelBytes + code / Channels * OutChannels + code % Channels,
                    place / 4 * VectorBytes + pixel % Pixels / 4 * 16 + place % 4 * 4 + pixel % 4);
            }
        }
    }
}
