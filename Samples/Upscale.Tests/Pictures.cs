using System;

namespace Kernels.Samples.Upscale.Tests;

/// <summary>Pictures for tests.</summary>
internal static class Pictures
{
    /// <summary>Noise: every pixel matters, the same every time.</summary>
    public static Picture Noise(int width, int height)
    {
        var picture = new Picture(width, height);
        new Random(width * 1000 + height).NextBytes(picture.Pixels);
        return picture;
    }

    /// <summary>A picture of equal channels, from one value for each pixel, row by row.</summary>
    public static Picture Grey(int width, params byte[] values)
    {
        var picture = new Picture(width, values.Length / width);
        for (int i = 0; i < picture.Pixels.Length; i++)
        {
            picture.Pixels[i] = values[i / Picture.Channels];
        }

        return picture;
    }

    /// <summary>The red channel.</summary>
    public static byte[] Red(Picture picture)
    {
        var red = new byte[picture.Width * picture.Height];
        for (int i = 0; i < red.Length; i++)
        {
            red[i] = picture.Pixels[i * Picture.Channels];
        }

        return red;
    }
}
