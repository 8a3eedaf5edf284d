using Xunit;

namespace Kernels.Samples.Upscale.Tests;

public class SideBySideTests
{
    [Fact]
    public void Pictures_stand_in_order_with_white_between_them()
    {
        Picture joined = SideBySide.Of(Pictures.Grey(1, 1, 2), Pictures.Grey(2, 3, 4, 5, 6));

        byte[] expected =
        [
            1, 255, 255, 255, 255, 3, 4,
            2, 255, 255, 255, 255, 5, 6,
        ];
        Assert.Equal(expected, Pictures.Red(joined));
    }
}
