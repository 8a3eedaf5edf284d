using Xunit;

namespace Kernels.Samples.Upscale.Tests;

public class ResamplingTests
{
    [Fact]
    public void Halving_takes_the_rounded_mean_of_four_and_drops_an_odd_edge()
    {
        Picture picture = Pictures.Grey(
            5,
            10, 20, 0, 1, 99,
            30, 41, 0, 1, 99,
            99, 99, 99, 99, 99);

        Picture half = Resampling.Halve(picture);

        Assert.Equal(new byte[] { 25, 1 }, Pictures.Red(half));
    }

    [Fact]
    public void Nearest_repeats_each_pixel_and_halving_undoes_it()
    {
        Picture picture = Pictures.Noise(7, 5);

        Picture doubled = Resampling.Nearest(picture);

        Assert.Equal(new byte[] { 1, 1, 2, 2, 1, 1, 2, 2 }, Pictures.Red(Resampling.Nearest(Pictures.Grey(2, 1, 2))));
        Assert.True(Resampling.Halve(doubled).SameAs(picture));
    }
}
