using System;

namespace Kernels.Samples.Upscale;

/// <summary>Puts pictures of equal height next to each other, with a white line between them.</summary>
internal static class SideBySide
{
    public const int Gap = 4;

    public static Picture Of(params ReadOnlySpan<Picture> pictures)
    {
        int width = -Gap;
        foreach (Picture picture in pictures)
        {
            width += picture.Width + Gap;
        }

        var joined = new Picture(width, pictures[0].Height);
        joined.Pixels.AsSpan().Fill(255);
        int x = 0;
        foreach (Picture picture in pictures)
        {
            joined.Paste(picture, x, 0);
            x += picture.Width + Gap;
        }

        return joined;
    }
}
