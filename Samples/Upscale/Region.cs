namespace Kernels.Samples.Upscale;

/// <summary>A rectangle of pixels; it may reach beyond a picture.</summary>
internal readonly record struct Region(int X, int Y, int Width, int Height)
{
    /// <summary>The rectangle with a border added on every side.</summary>
    public Region Grow(int border) => new(X - border, Y - border, Width + 2 * border, Height + 2 * border);

    /// <summary>The middle of a picture, at most so wide and high.</summary>
    public static Region Centre(Picture picture, int maxSide)
    {
        int width = int.Min(picture.Width, maxSide);
        int height = int.Min(picture.Height, maxSide);
        return new Region((picture.Width - width) / 2, (picture.Height - height) / 2, width, height);
    }
}
