using System;
using System.Linq;
using Xunit;

namespace Kernels.Samples.Detect.Tests;

public class ShrinkingTests
{
    [Fact]
    public void A_picture_of_the_asked_size_stays_as_it_is()
    {
        byte[] pixels = Noise(7, 5);

        Assert.Equal(pixels, Shrinking.Shrink(pixels, 7, 5, 7, 5));
    }

    [Fact]
    public void Pixels_weigh_less_the_farther_they_are_from_the_middle_of_the_result()
    {
        byte[] row = [.. new byte[] { 70, 0, 14, 210 }.SelectMany(value => new byte[] { value, 0, 255 })];

        byte[] shrunk = Shrinking.Shrink(row, 4, 1, 2, 1);

        // 3 : 3 : 1 from the left, and from the right.
        Assert.Equal([32, 0, 255, 96, 0, 255], shrunk);
    }

    [Theory]
    [InlineData(64, 48, 63, 47)]
    [InlineData(301, 17, 40, 3)]
    [InlineData(90, 1000, 9, 100)]
    [InlineData(5, 900, 1, 96)]
    public void The_result_has_the_mean_of_the_picture_and_none_of_its_noise(int width, int height, int toWidth, int toHeight)
    {
        byte[] pixels = Noise(width, height);

        byte[] shrunk = Shrinking.Shrink(pixels, width, height, toWidth, toHeight);

        Assert.Equal(toWidth * toHeight * 3, shrunk.Length);
        Assert.InRange(shrunk.Average(value => (double)value) - pixels.Average(value => (double)value), -4, 4);
        Assert.True(Deviation(shrunk) < Deviation(pixels));
    }

    [Fact]
    public void Rows_and_columns_are_treated_alike()
    {
        byte[] pixels = Noise(50, 50);
        byte[] turned = Turned(pixels, 50);

        Assert.Equal(Turned(Shrinking.Shrink(pixels, 50, 50, 23, 23), 23), Shrinking.Shrink(turned, 50, 50, 23, 23), (a, b) => Math.Abs(a - b) <= 1);
    }

    private static byte[] Noise(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        new Random(width).NextBytes(pixels);
        return pixels;
    }

    private static byte[] Turned(byte[] pixels, int side) => [.. Enumerable.Range(0, side * side).SelectMany(i => pixels.AsSpan((i % side * side + i / side) * 3, 3).ToArray())];

    private static double Deviation(byte[] values)
    {
        double mean = values.Average(value => (double)value);
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
