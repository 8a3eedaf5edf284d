using System.Collections.Generic;

namespace Kernels.Shared;

/// <summary>Channels that a depthwise tile computes at once.</summary>
/// <param name="First">First channel.</param>
/// <param name="Lanes">Bytes of its vectors: 16, 32 or 64.</param>
internal sealed record ChannelChunk(int First, int Lanes);

/// <summary>
/// How the channels of a depthwise layer fill vectors of bytes. The last chunk of many channels overlaps the one before; channels that
/// fill no vector leave the rest of one unused. Of a few channels, several pixels side by side share a vector, where their inputs and
/// outputs lie side by side too.
/// </summary>
/// <param name="Channels">Channels of the layer.</param>
/// <param name="Repeat">Pixels that share a vector: a tile's positions are that many pixels apart.</param>
/// <param name="Chunks">The chunks, in order.</param>
internal sealed record DepthwiseLanes(int Channels, int Repeat, IReadOnlyList<ChannelChunk> Chunks)
{
    // The bytes of a 128-bit lane, within which bytes are unpacked and codes packed.
    private const int LaneBytes = 16;

    /// <summary>The chunks of a layer.</summary>
    /// <param name="channels">Its channels.</param>
    /// <param name="mayRepeat">Whether neighbouring pixels of input and output lie side by side.</param>
    /// <param name="vectorBytes">Bytes of the widest vector.</param>
    /// <param name="hasNarrower">Whether the same tile exists for 16 bytes or more.</param>
    public static DepthwiseLanes Of(int channels, bool mayRepeat, int vectorBytes, bool hasNarrower)
    {
        if (mayRepeat && channels <= LaneBytes && channels * 2 <= vectorBytes)
        {
            return new DepthwiseLanes(channels, vectorBytes / channels, [new ChannelChunk(0, vectorBytes)]);
        }

        var chunks = new List<ChannelChunk>();
        int first = 0;
        for (; channels - first >= vectorBytes; first += vectorBytes)
        {
            chunks.Add(new ChannelChunk(first, vectorBytes));
        }

        int rest = channels - first;
        if (rest > 0)
        {
            int lanes = vectorBytes;
            while (hasNarrower && lanes / 2 >= rest && lanes > LaneBytes)
            {
                lanes /= 2;
            }

            chunks.Add(new ChannelChunk(channels < lanes ? 0 : channels - lanes, lanes));
        }

        return new DepthwiseLanes(channels, 1, chunks);
    }

    /// <summary>Codes of a chunk that are stored, side by side.</summary>
    public int Stored(ChannelChunk chunk) => System.Math.Min(chunk.Lanes, Repeat * Channels);

    /// <summary>Channel of a byte of a chunk's vector; -1 where it is not stored.</summary>
    public int ChannelOf(ChannelChunk chunk, int lane) => lane < Stored(chunk) ? (chunk.First + lane) % Channels : -1;

    /// <summary>
    /// Where a byte of a vector goes as an accumulator: unpacking leaves 4 of each 16 to each of four vectors.
    /// </summary>
    /// <param name="lane">The byte.</param>
    /// <param name="lanes">Bytes of the vector.</param>
    /// <returns>Index of its accumulator, vector by vector.</returns>
    public static int PlaceOf(int lane, int lanes) => lane % LaneBytes / 4 * (lanes / 4) + lane / LaneBytes * 4 + lane % 4;
}
