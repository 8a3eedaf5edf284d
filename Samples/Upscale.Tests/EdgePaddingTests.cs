using Xunit;

namespace Kernels.Samples.Upscale.Tests;

public class EdgePaddingTests
{
    [Fact]
    public void Outside_the_picture_the_nearest_edge_pixel_repeats()
    {
        Picture picture = Pictures.Grey(2, 1, 2, 3, 4);

        Picture read = picture.Crop(new Region(-2, -1, 5, 4));

        byte[] expected =
        [
            1, 1, 1, 2, 2,
            1, 1, 1, 2, 2,
            3, 3, 3, 4, 4,
            3, 3, 3, 4, 4,
        ];
        Assert.Equal(expected, Pictures.Red(read));
    }

    [Theory]
    [InlineData(-7, -7, 30, 20)]
    [InlineData(3, 2, 4, 5)]
    [InlineData(10, 5, 9, 9)]
    [InlineData(-9, 0, 3, 2)]
    [InlineData(15, 12, 3, 2)]
    public void Every_channel_of_every_pixel_is_the_clamped_one(int x, int y, int width, int height)
    {
        Picture picture = Pictures.Noise(11, 8);

        Picture read = picture.Crop(new Region(x, y, width, height));

        for (int row = 0; row < height; row++)
        {
            for (int i = 0; i < width * Picture.Channels; i++)
            {
                int column = int.Clamp(x + i / Picture.Channels, 0, picture.Width - 1);
                byte expected = picture.Row(int.Clamp(y + row, 0, picture.Height - 1))[column * Picture.Channels + i % Picture.Channels];
                Assert.Equal(expected, read.Row(row)[i]);
            }
        }
    }
}
