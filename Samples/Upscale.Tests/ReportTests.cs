using System;
using Xunit;

namespace Kernels.Samples.Upscale.Tests;

public class ReportTests
{
    private static readonly Timing Times = new(100, 50, 12.5);
    private static readonly WeightBytes Weights = new(2_209_932, 556_872);

    [Fact]
    public void The_table_has_every_number_in_the_invariant_culture()
    {
        string text = Report.Of(Of(44.257, new HalvedPsnr(32.5, 34.74, 34.4)), Times, Weights);

        string[] lines = text.Split('\n');
        Assert.EndsWith("44.26 dB", lines[1], StringComparison.Ordinal);
        Assert.Matches(@"32\.50 dB +34\.74 dB +34\.40 dB$", lines[2]);
        Assert.Matches(@"2,209,932 bytes +556,872 bytes$", lines[3]);
        Assert.Matches(@"100\.0 ms +50\.0 ms +12\.5 ms$", lines[6]);
        Assert.Matches(@"1\.0 +2\.0 +8\.0$", lines[7]);
    }

    [Fact]
    public void A_picture_too_small_to_halve_has_no_such_line()
    {
        string text = Report.Of(Of(double.PositiveInfinity, null), Times, Weights);

        Assert.DoesNotContain("original", text, StringComparison.Ordinal);
        Assert.Contains("equal", text, StringComparison.Ordinal);
    }

    private static Comparison Of(double psnr, HalvedPsnr? halved) => new(new Region(0, 0, 1, 1), Pictures.Noise(1, 1), psnr, halved);
}
