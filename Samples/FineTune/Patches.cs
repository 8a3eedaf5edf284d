using System;
using Kernels.Samples.Upscale;

namespace Kernels.Samples.FineTune;

/// <summary>Inputs of the network, cut out of pictures.</summary>
internal static class Patches
{
    /// <summary>A square from anywhere in one of the pictures.</summary>
    /// <param name="pictures">The pictures, none smaller than the side.</param>
    /// <param name="side">Pixels of a side, before doubling.</param>
    /// <param name="random">Says which picture and where.</param>
    public static FloatTensor Next(Picture[] pictures, int side, Random random)
    {
        Picture picture = pictures[random.Next(pictures.Length)];
        return Of(picture, new Region(random.Next(picture.Width - side + 1), random.Next(picture.Height - side + 1), side, side));
    }

    /// <summary>A region with the border that the network needs; beyond the picture, its edge repeats.</summary>
    public static FloatTensor Of(Picture picture, Region region)
    {
        Region padded = region.Grow(Network.Border);
        var pixels = new byte[padded.Width * padded.Height * Picture.Channels];
        EdgePadding.Read(picture, padded, pixels);
        var tensor = new FloatTensor(new Shape4(1, Picture.Channels, padded.Height, padded.Width));
        PixelScale.ToUnit(pixels, tensor.Data);
        return tensor;
    }
}
