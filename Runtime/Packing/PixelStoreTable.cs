namespace Kernels.Packing;

/// <summary>
/// How the machine code of a PixelLanes kernel moves codes to where they belong. The codes of 4 accumulators of 16 pixels come out
/// of saturating packs as one vector: in each of its 4 lanes of 16 bytes, 4 pixels of the first accumulator, 4 of the second, and so on.
/// Byte i of the output is fetched from the first two such vectors by index, and from the third under a mask.
/// </summary>
/// <remarks>
/// The generator's PixelAssembler reads it: for each 64 bytes of output 64 indices, and 64 more where there is a third vector; then
/// for each 64 bytes of output two masks, of the bytes that come from the third vector and of the bytes that are stored at all.
/// </remarks>
internal static unsafe class PixelStoreTable
{
    private const int Pixels = 16;

    private const int VectorBytes = 64;

    /// <summary>Bytes of the table.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="outChannels">Output channels of the layer.</param>
    public static nint Bytes(PixelPanel panel, int outChannels) => Vectors(panel, outChannels) * (IndexBytes(panel) + 2 * sizeof(ulong));

    /// <summary>Writes the table.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="outChannels">Output channels of the layer.</param>
    /// <param name="table">Receives the table; zeroed, 64-byte aligned.</param>
    public static void Write(PixelPanel panel, int outChannels, byte* table)
    {
        int accumulators = panel.Phases * panel.Channels;
        int together = Together(panel, outChannels);
        int step = panel.Phases * outChannels;
        ulong* masks = (ulong*)(table + Vectors(panel, outChannels) * IndexBytes(panel));
        for (int pixel = 0; pixel < Pixels * together; pixel++)
        {
            for (int code = 0; code < accumulators; code++)
            {
                int target = pixel * step + code / panel.Channels * outChannels + code % panel.Channels;
                int place = pixel / Pixels * accumulators + code;
                int source = place / 4 * VectorBytes + pixel % Pixels / 4 * 16 + place % 4 * 4 + pixel % 4;
                int vector = target / VectorBytes;
                byte* indices = table + vector * IndexBytes(panel) + target % VectorBytes;
                ulong bit = 1UL << (target % VectorBytes);
                masks[vector * 2 + 1] |= bit;
                if (source < 2 * VectorBytes)
                {
                    indices[0] = (byte)source;
                }
                else
                {
                    indices[VectorBytes] = (byte)(source - 2 * VectorBytes);
                    masks[vector * 2] |= bit;
                }
            }
        }
    }

    // Vectors of 16 pixels whose codes fill one vector together: of one or two accumulators.
    private static int Together(PixelPanel panel, int outChannels) =>
        panel.Channels == outChannels && panel.Phases * panel.Channels <= 2 ? 4 / (panel.Phases * panel.Channels) : 1;

    private static int Vectors(PixelPanel panel, int outChannels) =>
        (Pixels * Together(panel, outChannels) * panel.Phases * outChannels - outChannels + panel.Channels + VectorBytes - 1) / VectorBytes;

    private static int IndexBytes(PixelPanel panel) => panel.Phases * panel.Channels > 8 ? 2 * VectorBytes : VectorBytes;
}
