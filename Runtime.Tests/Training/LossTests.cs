using System;
using Kernels.Training;
using Xunit;

namespace Kernels.Tests.Training;

public class LossTests
{
    private static readonly Shape4 Shape = new(1, 4, 1, 1);

    [Fact]
    public void Mean_squared_error_is_the_mean_of_squares()
    {
        var gradient = new FloatTensor(Shape);
        double loss = Loss.MeanSquaredError.Compute(new FloatTensor(Shape, [1, 2, 3, 4]), new FloatTensor(Shape, [1, 0, 4, 8]), gradient);

        Assert.Equal((0 + 4 + 1 + 16) / 4.0, loss, 1e-12);
        Assert.Equal([0, 1, -0.5f, -2], gradient.Data.ToArray());
    }

    [Fact]
    public void L1_is_the_mean_of_magnitudes_and_flat_where_equal()
    {
        var gradient = new FloatTensor(Shape);
        double loss = Loss.L1.Compute(new FloatTensor(Shape, [1, 2, 3, 4]), new FloatTensor(Shape, [1, 0, 4, 8]), gradient);

        Assert.Equal((0 + 2 + 1 + 4) / 4.0, loss, 1e-12);
        Assert.Equal([0, 0.25f, -0.25f, -0.25f], gradient.Data.ToArray());
    }

    [Fact]
    public void Different_shapes_are_refused() => Assert.Throws<ArgumentException>(() =>
        Loss.L1.Compute(new FloatTensor(Shape), new FloatTensor(Shape with { N = 2 }), new FloatTensor(Shape)));
}
