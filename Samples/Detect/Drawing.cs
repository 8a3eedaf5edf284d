using System;
using System.Collections.Generic;
using System.Numerics;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Kernels.Samples.Detect;

/// <summary>Draws boxes on pictures.</summary>
internal static class Drawing
{
    private static readonly Rgb24 Colour = new(230, 30, 60);

    /// <summary>A copy of a picture with the outlines of boxes.</summary>
    public static Image<Rgb24> WithBoxes(Image<Rgb24> picture, IEnumerable<RotatedBox> boxes)
    {
        Image<Rgb24> drawn = picture.Clone();
        int thickness = Math.Max(2, Math.Max(picture.Width, picture.Height) / 400);
        foreach (RotatedBox box in boxes)
        {
            Vector2[] corners = box.Corners;
            for (int i = 0; i < corners.Length; i++)
            {
                Line(drawn, corners[i], corners[(i + 1) % corners.Length], thickness);
            }
        }

        return drawn;
    }

    private static void Line(Image<Rgb24> picture, Vector2 from, Vector2 to, int thickness)
    {
        int steps = Math.Max(1, (int)MathF.Ceiling(Vector2.Distance(from, to)));
        for (int step = 0; step <= steps; step++)
        {
            Vector2 at = Vector2.Lerp(from, to, (float)step / steps);
            int left = (int)MathF.Round(at.X) - thickness / 2, top = (int)MathF.Round(at.Y) - thickness / 2;
            for (int y = Math.Max(0, top); y < Math.Min(picture.Height, top + thickness); y++)
            {
                for (int x = Math.Max(0, left); x < Math.Min(picture.Width, left + thickness); x++)
                {
                    picture[x, y] = Colour;
                }
            }
        }
    }
}
