using System.Linq;
using Kernels.Geometry;
using Xunit;

namespace Kernels.Tests.Shared;

public class PointRowsTests
{
    [Theory]
    [InlineData(7, 7, 7)]
    [InlineData(14, 14, 7)]
    [InlineData(20, 20, 5)]
    [InlineData(28, 28, 4)]
    [InlineData(40, 40, 4)]
    [InlineData(56, 56, 2)]
    [InlineData(96, 96, 1)]
    [InlineData(640, 640, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(13, 13, 13)]
    [InlineData(37, 30, 1)]
    public void Rows_are_taken_together_until_they_are_long(int rows, int columns, int together) =>
        Assert.Equal(together, PointRows.Together(rows, columns));

    [Fact]
    public void Rows_that_are_taken_together_divide_the_image()
    {
        foreach (int rows in Enumerable.Range(1, 70))
        {
            foreach (int columns in Enumerable.Range(1, 120))
            {
                int together = PointRows.Together(rows, columns);
                Assert.True(together >= 1 && rows % together == 0 && (together == 1 || together * columns < 400), $"{together} of {rows}x{columns}");
            }
        }
    }
}
