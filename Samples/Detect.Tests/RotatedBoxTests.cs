using System;
using System.Linq;
using System.Numerics;
using Xunit;

namespace Kernels.Samples.Detect.Tests;

public class RotatedBoxTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(-1.2)]
    [InlineData(0.7853981)]
    public void The_box_around_the_points_of_a_turned_rectangle_is_that_rectangle(double angle)
    {
        var axis = new Vector2((float)Math.Cos(angle), (float)Math.Sin(angle));
        var box = new RotatedBox(new Vector2(50, 40), axis, 30, 8);
        Vector2[] inside = [.. box.Corners, .. box.Corners.Select(corner => Vector2.Lerp(corner, box.Centre, 0.4f))];

        RotatedBox found = RotatedBox.Around(inside);

        Assert.Equal(240, found.Width * found.Height, 0.05);
        Assert.Equal(8, found.ShortSide, 0.01);
        Assert.InRange(Vector2.Distance(found.Centre, box.Centre), 0, 0.01f);
    }

    [Fact]
    public void A_single_point_has_a_box_without_area() => Assert.Equal(0, RotatedBox.Around([new Vector2(3, 4)]).Width);
}
