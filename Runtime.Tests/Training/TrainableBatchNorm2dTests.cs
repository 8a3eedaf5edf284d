using System;
using Kernels.Layers;
using Kernels.Training;
using Xunit;

namespace Kernels.Tests.Training;

public class TrainableBatchNorm2dTests
{
    private static readonly Shape4 Shape = new(3, 5, 2, 4);

    [Fact]
    public void Batch_statistics_have_the_gradients_of_their_finite_differences()
    {
        var random = new Random(1);
        var layer = new TrainableBatchNorm2d(Parameters(random));

        GradientCheck.Run(layer, TrainingData.Tensor(random, Shape), (x, p) => DoubleBatchNorm.WithBatch(x, p[0], p[1], 1e-3), random, "batch norm", samples: 30);
    }

    [Fact]
    public void Running_statistics_have_the_gradients_of_their_finite_differences()
    {
        var random = new Random(2);
        BatchNormParameters start = Parameters(random);
        var layer = new TrainableBatchNorm2d(start) { IsFrozen = true };
        double[] mean = DoubleBatchNorm.Doubles(start.Mean);
        double[] variance = DoubleBatchNorm.Doubles(start.Variance);

        GradientCheck.Run(layer, TrainingData.Tensor(random, Shape), (x, p) => DoubleBatchNorm.With(x, mean, variance, p[0], p[1], 1e-3), random, "frozen", samples: 30);
        Assert.Equal(start.Mean.ToArray(), layer.ToParameters().Mean.ToArray());
        Assert.Equal(start.Variance.ToArray(), layer.ToParameters().Variance.ToArray());
    }

    [Fact]
    public void Running_statistics_move_towards_the_mean_and_the_unbiased_variance()
    {
        var layer = new TrainableBatchNorm2d(new BatchNormParameters([10], [20]));
        layer.Forward(new FloatTensor(new Shape4(1, 1, 1, 4), [1, 2, 3, 6]));

        // Mean 3, unbiased variance (4 + 1 + 0 + 9) / 3; momentum 0.1.
        Assert.Equal(9.3f, layer.ToParameters().Mean[0], 1e-5f);
        Assert.Equal(20 + 0.1f * (14f / 3 - 20), layer.ToParameters().Variance[0], 1e-5f);
    }

    [Fact]
    public void A_single_value_has_no_statistics()
    {
        var layer = new TrainableBatchNorm2d(new BatchNormParameters([0], [1]));
        var one = new FloatTensor(new Shape4(1, 1, 1, 1));

        Assert.Contains("freeze", Assert.Throws<ArgumentException>(() => layer.Forward(one)).Message, StringComparison.Ordinal);
        layer.IsFrozen = true;
        layer.Forward(one);
    }

    private static BatchNormParameters Parameters(Random random) => new(
        TrainingData.Floats(random, Shape.C),
        Array.ConvertAll(TrainingData.Floats(random, Shape.C), static v => v * v + 0.1f),
        TrainingData.Floats(random, Shape.C),
        TrainingData.Floats(random, Shape.C),
        1e-3f);
}
