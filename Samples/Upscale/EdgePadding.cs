using System;

namespace Kernels.Samples.Upscale;

/// <summary>Reads rectangles that reach beyond a picture: outside, the nearest pixel of its edge repeats.</summary>
internal static class EdgePadding
{
    /// <summary>Copies a rectangle's pixels, three bytes each, rows from the top.</summary>
    public static void Read(Picture picture, Region region, Span<byte> target)
    {
        for (int y = 0; y < region.Height; y++)
        {
            ReadOnlySpan<byte> source = picture.Row(int.Clamp(region.Y + y, 0, picture.Height - 1));
            Span<byte> row = target.Slice(y * region.Width * Picture.Channels, region.Width * Picture.Channels);
            int left = int.Clamp(-region.X, 0, region.Width);
            int inside = int.Clamp(picture.Width - int.Max(region.X, 0), 0, region.Width - left);
            Repeat(source[..Picture.Channels], row[..(left * Picture.Channels)]);
            source.Slice(int.Max(region.X, 0) * (inside > 0 ? Picture.Channels : 0), inside * Picture.Channels).CopyTo(row[(left * Picture.Channels)..]);
            Repeat(source[^Picture.Channels..], row[((left + inside) * Picture.Channels)..]);
        }
    }

    private static void Repeat(ReadOnlySpan<byte> pixel, Span<byte> target)
    {
        for (; !target.IsEmpty; target = target[Picture.Channels..])
        {
            pixel.CopyTo(target);
        }
    }
}
