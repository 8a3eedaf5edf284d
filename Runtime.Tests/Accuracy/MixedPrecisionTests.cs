using System;
using System.Linq;
using Kernels.Accuracy;
using Kernels.Models;
using Kernels.Quantization;
using Kernels.Tests.Models;
using Xunit;

namespace Kernels.Tests.Accuracy;

public class MixedPrecisionTests
{
    private static readonly QConfig Coarse = QConfig.FullRange with { Weight = static () => new MinMaxObserver(ObserverSettings.Weight with { QuantMin = -2, QuantMax = 2 }) };

    [Fact]
    public void The_layer_that_costs_most_accuracy_stays_float_where_time_is_no_matter()
    {
        FloatModel model = Prepared();
        FloatTensor[] batches = [SkipNet.Batch(1), SkipNet.Batch(2)];

        MixedPrecision choice = MixedPrecision.Choose(model, batches, mostTime: 1000);
        model.Prepare(choice.Keep(Mapping()));
        model.Calibrate(SkipNet.Batch(1));
        double mixed = AccuracyReport.Measure(model, model.Convert(), batches).Output.Error.Sqnr;

        Assert.Equal("conv2", choice.FloatLayers[0]);
        Assert.True(choice.Layers[0].Sqnr > choice.Int8Sqnr + 3);
        Assert.Equal(choice.Layers.Last(static layer => layer.StaysFloat).Sqnr, mixed, 1e-6);
        Assert.StartsWith("in float", choice.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_layer_that_stays_float_makes_the_output_better_within_the_time()
    {
        MixedPrecision choice = MixedPrecision.Choose(Prepared(), [SkipNet.Batch(1)], mostTime: 1.5);
        double before = choice.Int8Sqnr;
        foreach (MixedPrecisionLayer layer in choice.Layers.Where(static layer => layer.StaysFloat))
        {
            Assert.True(layer.Sqnr > before);
            Assert.InRange(layer.Time, 0, 1.5);
            before = layer.Sqnr;
        }
    }

    [Fact]
    public void A_limit_below_1_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => MixedPrecision.Choose(Prepared(), [SkipNet.Batch(1)], mostTime: 0.9));

    private static QConfigMapping Mapping() => QConfigMapping.Uniform(QConfig.FullRange).SetModuleName("conv2", Coarse);

    private static FloatModel Prepared()
    {
        FloatModel model = SkipNet.Build().Fuse();
        model.Prepare(Mapping());
        model.Calibrate(SkipNet.Batch(1));
        return model;
    }
}
