using Kernels.Shared;

namespace Kernels.Packing;

/// <summary>Writes the table by which the machine code of a PixelLanes kernel moves codes to where they belong: see <see cref="PixelStoreLayout"/>.</summary>
internal static unsafe class PixelStoreTable
{
    /// <summary>Writes the table.</summary>
    /// <param name="layout">Its layout.</param>
    /// <param name="table">Receives the table; zeroed, 64-byte aligned.</param>
    public static void Write(PixelStoreLayout layout, byte* table)
    {
        const int VectorBytes = PixelStoreLayout.VectorBytes;
        foreach ((_, int target, int source) in layout.Codes())
        {
            int vector = target / VectorBytes;
            byte* indices = table + layout.IndicesOf(vector) + target % VectorBytes;
            var masks = (ulong*)(table + layout.MasksOf(vector));
            ulong bit = 1UL << (target % VectorBytes);
            masks[1] |= bit;
            if (source < 2 * VectorBytes)
            {
                indices[0] = (byte)source;
            }
            else
            {
                indices[VectorBytes] = (byte)(source - 2 * VectorBytes);
                masks[0] |= bit;
            }
        }
    }
}
