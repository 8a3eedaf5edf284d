using System.Collections.Generic;

namespace Kernels.Samples.Upscale;

/// <summary>Batches for calibration: four crops of each picture, spread over it.</summary>
internal static class Calibration
{
    public const int CropsPerPicture = 4;

    private const int CropSide = 96;

    public static IEnumerable<FloatTensor> Batches(IEnumerable<Picture> pictures, int border = Upconv7.Border)
    {
        foreach (Picture picture in pictures)
        {
            for (int i = 0; i < CropsPerPicture; i++)
            {
                yield return Batch(picture, Crop(picture, i), border);
            }
        }
    }

    /// <summary>One quarter of the picture has one crop, in its middle.</summary>
    private static Region Crop(Picture picture, int quarter) => new(
        int.Max(0, picture.Width * (1 + 2 * (quarter % 2)) / 4 - CropSide / 2),
        int.Max(0, picture.Height * (1 + 2 * (quarter / 2)) / 4 - CropSide / 2),
        int.Min(CropSide, picture.Width),
        int.Min(CropSide, picture.Height));

    private static FloatTensor Batch(Picture picture, Region region, int border)
    {
        Region padded = region.Grow(border);
        var pixels = new byte[padded.Width * padded.Height * Picture.Channels];
        EdgePadding.Read(picture, padded, pixels);
        var tensor = new FloatTensor(new Shape4(1, Picture.Channels, padded.Height, padded.Width));
        PixelScale.ToUnit(pixels, tensor.Data);
        return tensor;
    }
}
