using System;
using Xunit;

namespace Kernels.Samples.Upscale.Tests;

public class PsnrTests
{
    [Fact]
    public void A_difference_of_one_everywhere_is_48_dB()
    {
        Assert.Equal(20 * Math.Log10(255), Psnr.Of(Pictures.Grey(2, 1, 2), Pictures.Grey(2, 2, 1)), 9);
    }

    [Fact]
    public void Equal_pictures_are_infinitely_near()
    {
        Assert.Equal(double.PositiveInfinity, Psnr.Of(Pictures.Noise(3, 3), Pictures.Noise(3, 3)));
    }

    [Fact]
    public void Pictures_of_different_sizes_cannot_be_compared()
    {
        Assert.Throws<ArgumentException>(() => Psnr.Of(Pictures.Noise(3, 4), Pictures.Noise(4, 3)));
    }
}
