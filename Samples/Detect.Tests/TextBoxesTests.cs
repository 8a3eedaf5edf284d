using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Xunit;

namespace Kernels.Samples.Detect.Tests;

public class TextBoxesTests
{
    [Fact]
    public void A_region_gives_its_rectangle_grown_by_area_times_ratio_over_perimeter()
    {
        RotatedBox box = Assert.Single(TextBoxes.Find(Map((10, 20, 41, 11, 0.9f)))).Outline;

        // 40 x 10 between the outer pixels: 400 * 1.5 / 100 = 6 on every side.
        Assert.Equal((52f, 22f), (box.Width, box.Height));
        Assert.Equal(new Vector2(30, 25), box.Centre);
    }

    [Fact]
    public void Regions_that_are_uncertain_or_tiny_give_no_box() =>
        Assert.Empty(TextBoxes.Find(Map((10, 10, 40, 10, 0.5f), (60, 60, 3, 2, 0.95f))));

    [Fact]
    public void Regions_that_touch_at_a_corner_are_one()
    {
        TextBox alone = Assert.Single(TextBoxes.Find(Map((10, 10, 30, 10, 0.9f))));
        TextBox both = Assert.Single(TextBoxes.Find(Map((10, 10, 30, 10, 0.9f), (40, 20, 4, 1, 0.9f))));

        Assert.True(both.Outline.Width * both.Outline.Height > alone.Outline.Width * alone.Outline.Height);
    }

    [Fact]
    public void Regions_apart_are_several() => Assert.Equal(2, TextBoxes.Find(Map((10, 10, 20, 10, 0.9f), (50, 50, 20, 10, 0.9f))).Count);

    private static ProbabilityMap Map(params IEnumerable<(int X, int Y, int Width, int Height, float Value)> regions)
    {
        var map = new ProbabilityMap(100, 90, new float[9000]);
        foreach ((int x, int y, int width, int height, float value) in regions)
        {
            foreach (int row in Enumerable.Range(y, height))
            {
                map.Values.AsSpan(row * map.Width + x, width).Fill(value);
            }
        }

        return map;
    }
}
