using System;

namespace Kernels.Samples.Upscale;

/// <summary>Halves and doubles pictures without a network.</summary>
internal static class Resampling
{
    /// <summary>Halves a picture: each pixel is the rounded mean of four. An odd last row or column is left out.</summary>
    public static Picture Halve(Picture picture)
    {
        var half = new Picture(picture.Width / 2, picture.Height / 2);
        for (int y = 0; y < half.Height; y++)
        {
            ReadOnlySpan<byte> upper = picture.Row(2 * y);
            ReadOnlySpan<byte> lower = picture.Row(2 * y + 1);
            Span<byte> row = half.Row(y);
            for (int i = 0; i < row.Length; i++)
            {
                int left = i / Picture.Channels * 2 * Picture.Channels + i % Picture.Channels;
                int right = left + Picture.Channels;
                row[i] = (byte)((upper[left] + upper[right] + lower[left] + lower[right] + 2) / 4);
            }
        }

        return half;
    }

    /// <summary>Doubles a picture by repeating each pixel.</summary>
    public static Picture Nearest(Picture picture)
    {
        var doubled = new Picture(2 * picture.Width, 2 * picture.Height);
        for (int y = 0; y < doubled.Height; y++)
        {
            ReadOnlySpan<byte> source = picture.Row(y / 2);
            Span<byte> row = doubled.Row(y);
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = source[i / (2 * Picture.Channels) * Picture.Channels + i % Picture.Channels];
            }
        }

        return doubled;
    }
}
