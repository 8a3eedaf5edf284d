using System;

namespace Kernels.Samples.Upscale;

/// <summary>
/// Doubles a picture tile by tile, so that memory does not grow with it. A tile is read with the border that the network
/// needs, from its neighbours inside the picture, so the seams are not there at all: any tile size gives the same bytes.
/// </summary>
internal static class Tiler
{
    /// <summary>Large enough that the border costs little, small enough that a layer's output fits a cache.</summary>
    public const int DefaultTile = 64;

    /// <summary>Doubles a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="network">What doubles a tile.</param>
    /// <param name="tile">Width and height of a tile of the input.</param>
    /// <param name="progress">Hears after every tile which share of them is done.</param>
    /// <returns>A picture of twice the size.</returns>
    public static Picture Upscale(Picture picture, IPixelNetwork network, int tile = DefaultTile, IProgress<double>? progress = null)
    {
        var result = new Picture(2 * picture.Width, 2 * picture.Height);
        int padded = tile + 2 * IPixelNetwork.Border;
        var input = new byte[padded * padded * Picture.Channels];
        var output = new byte[4 * tile * tile * Picture.Channels];
        int columns = (picture.Width + tile - 1) / tile;
        int rows = (picture.Height + tile - 1) / tile;
        for (int i = 0; i < rows * columns; i++)
        {
            int x = i % columns * tile;
            int y = i / columns * tile;
            var region = new Region(x, y, int.Min(tile, picture.Width - x), int.Min(tile, picture.Height - y));
            Upscale(picture, network, region, input, output, result);
            progress?.Report((i + 1.0) / (rows * columns));
        }

        return result;
    }

    private static void Upscale(Picture picture, IPixelNetwork network, Region region, Span<byte> input, Span<byte> output, Picture result)
    {
        Region padded = region.Grow(IPixelNetwork.Border);
        input = input[..(padded.Width * padded.Height * Picture.Channels)];
        output = output[..(4 * region.Width * region.Height * Picture.Channels)];
        EdgePadding.Read(picture, padded, input);
        network.Run(input, region.Width, region.Height, output);
        int stride = 2 * region.Width * Picture.Channels;
        for (int y = 0; y < 2 * region.Height; y++)
        {
            output.Slice(y * stride, stride).CopyTo(result.Row(2 * region.Y + y)[(2 * region.X * Picture.Channels)..]);
        }
    }
}
