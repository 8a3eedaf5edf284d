using System;
using System.Collections.Generic;
using Xunit;

namespace Kernels.Samples.Upscale.Tests;

public class NetworkTests(NetworksFixture fixture) : IClassFixture<NetworksFixture>
{
    [Theory]
    [InlineData(8)]
    [InlineData(13)]
    public void Tiles_leave_no_seam_at_any_size(int tile)
    {
        Picture picture = Pictures.Noise(29, 17);

        Picture whole = Tiler.Upscale(picture, fixture.Networks.Generated, tile: 64);
        Picture tiled = Tiler.Upscale(picture, fixture.Networks.Generated, tile);

        Assert.Equal((58, 34), (whole.Width, whole.Height));
        Assert.Equal(whole.Pixels, tiled.Pixels);
    }

    [Fact]
    public void Generated_and_generic_kernels_give_the_same_picture()
    {
        Picture picture = Pictures.Noise(31, 23);

        Assert.Equal(Tiler.Upscale(picture, fixture.Networks.Generic).Pixels, Tiler.Upscale(picture, fixture.Networks.Generated).Pixels);
    }

    [Fact]
    public void Int8_is_within_46_dB_of_float_on_a_picture_that_calibration_did_not_see()
    {
        Picture part = fixture.Input.Crop(Region.Centre(fixture.Input, 160));

        double psnr = Psnr.Of(Tiler.Upscale(part, fixture.Networks.Generated), Tiler.Upscale(part, fixture.Networks.Float));

        Assert.InRange(psnr, 46, 60);
    }

    [Fact]
    public void The_network_restores_more_of_a_halved_picture_than_nearest_does()
    {
        Picture part = fixture.Input.Crop(Region.Centre(fixture.Input, 97));

        HalvedPsnr psnr = HalvedPsnr.Of(part, fixture.Networks);

        Assert.InRange(psnr.Float, psnr.Nearest + 0.5, 50);
        Assert.InRange(psnr.Int8, psnr.Nearest + 0.5, 50);
    }

    [Fact]
    public void One_pixel_is_a_picture()
    {
        Picture doubled = Tiler.Upscale(Pictures.Noise(1, 1), fixture.Networks.Generated);

        Assert.Equal((2, 2), (doubled.Width, doubled.Height));
    }

    [Fact]
    public void Progress_counts_tiles()
    {
        var shares = new List<double>();

        Tiler.Upscale(Pictures.Noise(20, 9), fixture.Networks.Generated, tile: 8, new Recorder(shares));

        double[] expected = [1 / 6.0, 2 / 6.0, 3 / 6.0, 4 / 6.0, 5 / 6.0, 1];
        Assert.Equal(expected, shares.ToArray());
    }

    [Fact]
    public void The_input_is_not_among_the_pictures_of_calibration()
    {
        List<Picture> pictures = [.. Assets.PicturesOtherThan(fixture.Input)];

        Assert.Equal(3, pictures.Count);
        Assert.DoesNotContain(pictures, fixture.Input.SameAs);
    }

    [Fact]
    public void Int8_weights_take_about_a_quarter_of_the_bytes()
    {
        WeightBytes weights = fixture.Networks.Weights;

        Assert.InRange(weights.Float / (double)weights.Int8, 3.9, 4);
    }

    private sealed class Recorder(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }
}
