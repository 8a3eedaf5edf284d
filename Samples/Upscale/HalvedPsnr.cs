using System;

namespace Kernels.Samples.Upscale;

/// <summary>PSNR in dB against a picture that was halved and doubled again.</summary>
internal sealed record HalvedPsnr(double Nearest, double Float, double Int8)
{
    public static HalvedPsnr Of(Picture original, Networks networks, IProgress<double>? progress = null)
    {
        Picture half = Resampling.Halve(original);
        Picture truth = original.Crop(new Region(0, 0, 2 * half.Width, 2 * half.Height));
        return new HalvedPsnr(
            Psnr.Of(Resampling.Nearest(half), truth),
            Psnr.Of(Tiler.Upscale(half, networks.Float, progress: progress), truth),
            Psnr.Of(Tiler.Upscale(half, networks.Generated), truth));
    }
}
