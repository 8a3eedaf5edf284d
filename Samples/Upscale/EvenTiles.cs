using System;

namespace Kernels.Samples.Upscale;

/// <summary>Gives a network that halves its input tiles of even size only: one more column or row repeats the last, and goes again.</summary>
internal sealed class EvenTiles(IPixelNetwork network) : IPixelNetwork
{
    public int Border => network.Border;

    public void Run(ReadOnlySpan<byte> padded, int width, int height, Span<byte> output)
    {
        int evenWidth = width + width % 2;
        int evenHeight = height + height % 2;
        if (evenWidth == width && evenHeight == height)
        {
            network.Run(padded, width, height, output);
            return;
        }

        int row = (width + 2 * Border) * Picture.Channels;
        int evenRow = (evenWidth + 2 * Border) * Picture.Channels;
        var input = new byte[evenRow * (evenHeight + 2 * Border)];
        for (int y = 0; y < evenHeight + 2 * Border; y++)
        {
            Span<byte> target = input.AsSpan(y * evenRow, evenRow);
            padded.Slice(int.Min(y, height + 2 * Border - 1) * row, row).CopyTo(target);
            target.Slice(row - Picture.Channels, Picture.Channels).CopyTo(target[^Picture.Channels..]);
        }

        var doubled = new byte[4 * evenWidth * evenHeight * Picture.Channels];
        network.Run(input, evenWidth, evenHeight, doubled);
        int result = 2 * width * Picture.Channels;
        for (int y = 0; y < 2 * height; y++)
        {
            doubled.AsSpan(y * 2 * evenWidth * Picture.Channels, result).CopyTo(output[(y * result)..]);
        }
    }
}
