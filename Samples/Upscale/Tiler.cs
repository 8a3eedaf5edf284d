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
        Region[] tiles = Cut(picture.Width, picture.Height, tile);
        for (int i = 0; i < tiles.Length; i++)
        {
            result.Paste(UpscaleTile(Padded(picture, tiles[i], IPixelNetwork.Border), network), 2 * tiles[i].X, 2 * tiles[i].Y);
            progress?.Report((i + 1.0) / tiles.Length);
        }

        return result;
    }

    /// <summary>Cuts a picture into tiles, row by row from the top; those at the right and the bottom are what is left.</summary>
    public static Region[] Cut(int width, int height, int tile)
    {
        int columns = (width + tile - 1) / tile;
        var tiles = new Region[columns * ((height + tile - 1) / tile)];
        for (int i = 0; i < tiles.Length; i++)
        {
            int x = i % columns * tile;
            int y = i / columns * tile;
            tiles[i] = new Region(x, y, int.Min(tile, width - x), int.Min(tile, height - y));
        }

        return tiles;
    }

    /// <summary>A tile with what is around it, which repeats the picture's edge outside of it.</summary>
    public static Picture Padded(Picture picture, Region tile, int border) => picture.Crop(tile.Grow(border));

    /// <summary>Doubles a tile that comes with its border.</summary>
    public static Picture UpscaleTile(Picture padded, IPixelNetwork network)
    {
        int width = padded.Width - 2 * IPixelNetwork.Border;
        int height = padded.Height - 2 * IPixelNetwork.Border;
        var doubled = new Picture(2 * width, 2 * height);
        network.Run(padded.Pixels, width, height, doubled.Pixels);
        return doubled;
    }
}
