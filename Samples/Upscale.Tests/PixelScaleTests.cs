using System;
using Xunit;

namespace Kernels.Samples.Upscale.Tests;

public class PixelScaleTests
{
    [Fact]
    public void Every_pixel_survives_the_way_there_and_back()
    {
        byte[] pixels = new byte[256];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)i;
        }

        var values = new float[256];
        var back = new byte[256];
        PixelScale.ToUnit(pixels, values);
        PixelScale.FromUnit(values, back);

        Assert.Equal(pixels, back);
    }

    [Fact]
    public void What_overshoots_is_clamped()
    {
        var pixels = new byte[2];
        PixelScale.FromUnit([-0.2f, 1.3f], pixels);

        Assert.Equal(new byte[] { 0, 255 }, pixels.AsSpan().ToArray());
    }
}
