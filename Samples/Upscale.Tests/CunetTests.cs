using System.Linq;
using Kernels.Models;
using Xunit;

namespace Kernels.Samples.Upscale.Tests;

/// <summary>CUNet, whose graph is read from its method.</summary>
public class CunetTests
{
    [Fact]
    public void Int8_is_within_38_dB_of_float_on_a_picture_that_calibration_did_not_see()
    {
        Picture input = PictureFile.Load(Assets.DefaultPicture);
        Picture part = input.Crop(Region.Centre(input, 63));
        AnnotatedModel model = UpscaleModel.Cunet.Load();
        model.Prepare();
        // One crop of each picture: calibration with all takes four times as long.
        model.Calibrate(Calibration.Batches(Assets.PicturesOtherThan(input), Cunet.Border).Where(static (_, i) => i % Calibration.CropsPerPicture == 1));
        QuantizedModel int8 = model.Convert();

        Picture exact = Tiler.Upscale(part, UpscaleModel.Cunet.Wrap(new FloatNetwork(model, Cunet.Border)));
        Picture rounded = Tiler.Upscale(part, UpscaleModel.Cunet.Wrap(new QuantizedNetwork(int8, Cunet.Border)));
        Picture generic = Tiler.Upscale(part, UpscaleModel.Cunet.Wrap(new QuantizedNetwork(int8.WithGenericKernels(), Cunet.Border)));

        Assert.Equal(rounded.Pixels, generic.Pixels);
        double psnr = Psnr.Of(rounded, exact);
        Assert.True(psnr >= 38, $"{psnr:0.0} dB");
    }

    [Fact]
    public void The_float_network_doubles_a_picture_better_than_nearest()
    {
        Picture input = PictureFile.Load(Assets.DefaultPicture);
        Picture large = input.Crop(Region.Centre(input, 64));
        Picture small = Resampling.Halve(large);
        IPixelNetwork network = UpscaleModel.Cunet.Wrap(new FloatNetwork(UpscaleModel.Cunet.Load(), Cunet.Border));

        Assert.True(Psnr.Of(Tiler.Upscale(small, network), large) > Psnr.Of(Resampling.Nearest(small), large));
    }
}
