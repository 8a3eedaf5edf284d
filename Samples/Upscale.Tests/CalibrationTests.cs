using System.Linq;
using Xunit;

namespace Kernels.Samples.Upscale.Tests;

public class CalibrationTests
{
    [Fact]
    public void Each_picture_gives_four_crops_with_the_networks_border()
    {
        FloatTensor[] batches = [.. Calibration.Batches([Pictures.Noise(300, 200), Pictures.Noise(40, 30)])];

        Assert.Equal(8, batches.Length);
        Assert.All(batches[..4], batch => Assert.Equal(new Shape4(1, 3, 110, 110), batch.Shape));
        Assert.All(batches[4..], batch => Assert.Equal(new Shape4(1, 3, 44, 54), batch.Shape));
    }

    [Fact]
    public void The_crops_of_a_picture_differ()
    {
        FloatTensor[] batches = [.. Calibration.Batches([Pictures.Noise(300, 200)])];

        Assert.Equal(4, batches.Select(batch => batch[0, 0, 50, 50]).Distinct().Count());
    }
}
