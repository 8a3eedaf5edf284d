using System;

namespace Kernels.Samples.Upscale;

/// <summary>A picture doubled in three ways, and how near they come to the float network and to the truth.</summary>
/// <param name="Compared">The part of the picture that was compared.</param>
/// <param name="SideBySide">That part doubled: nearest, float, int8.</param>
/// <param name="Int8AgainstFloat">PSNR of int8 against the float network, in dB.</param>
/// <param name="Halved">PSNR against the original where the input was made by halving it; nothing for a picture too small to halve.</param>
internal sealed record Comparison(Region Compared, Picture SideBySide, double Int8AgainstFloat, HalvedPsnr? Halved)
{
    // The float network is slow, and its answer does not change with more pixels.
    private const int MaxSide = 512;

    /// <summary>Whether only the middle of the picture was compared.</summary>
    public bool IsPart(Picture picture) => (Compared.Width, Compared.Height) != (picture.Width, picture.Height);

    /// <summary>Compares on the whole picture, or on the middle of a large one.</summary>
    public static Comparison Of(Picture picture, Networks networks, Func<string, IProgress<double>> progress)
    {
        Region region = Region.Centre(picture, MaxSide);
        Picture part = picture.Crop(region);
        Picture viaFloat = Tiler.Upscale(part, networks.Float, progress: progress("float network"));
        Picture viaInt8 = Tiler.Upscale(part, networks.Generated, progress: progress("int8 network, same part"));
        return new Comparison(
            region,
            Upscale.SideBySide.Of(Resampling.Nearest(part), viaFloat, viaInt8),
            Psnr.Of(viaInt8, viaFloat),
            part.Width < 2 || part.Height < 2 ? null : HalvedPsnr.Of(part, networks, progress("halved and doubled again")));
    }
}
