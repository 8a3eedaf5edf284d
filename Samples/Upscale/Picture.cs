using System;

namespace Kernels.Samples.Upscale;

/// <summary>An 8-bit RGB picture: rows from the top, three bytes a pixel.</summary>
internal sealed class Picture
{
    public const int Channels = 3;

    public Picture(int width, int height)
        : this(width, height, new byte[checked(width * height * Channels)])
    {
    }

    public Picture(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.Length, checked(width * height * Channels));
        Width = width;
        Height = height;
        Pixels = pixels;
    }

    public int Width { get; }

    public int Height { get; }

    public byte[] Pixels { get; }

    /// <summary>One row's bytes.</summary>
    public Span<byte> Row(int y) => Pixels.AsSpan(y * Width * Channels, Width * Channels);

    /// <summary>The part inside a rectangle; where that reaches beyond the picture, the nearest pixel of its edge repeats.</summary>
    public Picture Crop(Region region)
    {
        var crop = new Picture(region.Width, region.Height);
        EdgePadding.Read(this, region, crop.Pixels);
        return crop;
    }

    /// <summary>Overwrites the part whose upper left corner is (x, y) with another picture, which must fit.</summary>
    public void Paste(Picture part, int x, int y)
    {
        for (int i = 0; i < part.Height; i++)
        {
            part.Row(i).CopyTo(Row(y + i)[(x * Channels)..]);
        }
    }

    public bool SameAs(Picture other) =>
        Width == other.Width && Height == other.Height && Pixels.AsSpan().SequenceEqual(other.Pixels);
}
