using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kernels.Accuracy;
using Kernels.Models;
using Kernels.Quantization;
using Kernels.Tests.Models;
using Xunit;

namespace Kernels.Tests.Accuracy;

public class SensitivityReportTests
{
    [Fact]
    public void The_layer_that_is_quantized_worst_comes_first()
    {
        FloatModel model = SkipNet.Build().Fuse();
        QConfig coarse = QConfig.FullRange with { Weight = static () => new MinMaxObserver(ObserverSettings.Weight with { QuantMin = -2, QuantMax = 2 }) };
        model.Prepare(QConfigMapping.Uniform(QConfig.FullRange).SetModuleName("conv2", coarse));
        model.Calibrate(SkipNet.Batch(1));

        SensitivityReport report = SensitivityReport.Measure(model, [SkipNet.Batch(1), SkipNet.Batch(2)]);

        Assert.Equal("conv2", report.Layers[0].Name);
        Assert.True(report.Layers[0].Gain > 0);
        Assert.StartsWith("in float", report.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("conv2", report.ToString().Split('\n')[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_gain_is_what_a_mapping_that_keeps_the_layer_float_brings()
    {
        FloatModel model = SkipNet.Build().Fuse();
        QConfigMapping mapping = QConfigMapping.Uniform(QConfig.FullRange);
        model.Prepare(mapping);
        model.Calibrate(SkipNet.Batch(1));
        FloatTensor batch = SkipNet.Batch(2);
        SensitivityReport report = SensitivityReport.Measure(model, [batch]);
        double all = AccuracyReport.Measure(model, model.Convert(), [batch]).Output.Error.Sqnr;

        model.Prepare(mapping.SetModuleName("convt", null));
        model.Calibrate(SkipNet.Batch(1));
        double without = AccuracyReport.Measure(model, model.Convert(), [batch]).Output.Error.Sqnr;

        Assert.Equal(all, report.Output.Sqnr, 1e-9);
        Assert.Equal(without - all, report.Layers.Single(static layer => layer.Name == "convt").Gain, 1e-9);
    }

    [Fact]
    public void Only_layers_that_round_are_tried()
    {
        FloatModel model = SkipNet.Build();
        model.Prepare(QConfigMapping.Uniform(QConfig.FullRange).SetModuleName("conv2", null));
        model.Calibrate(SkipNet.Batch(1));

        SensitivityReport report = SensitivityReport.Measure(model, [SkipNet.Batch(1)]);

        Assert.Equal(["add", "conv1", "convt", "gate", "mul", "squeeze"], report.Layers.Select(static layer => layer.Name).Order());
    }

    [Fact]
    public void Progress_counts_conversions_and_cancellation_stops_between_them()
    {
        using var cancellation = new CancellationTokenSource();
        FloatModel model = SkipNet.Build();
        model.Prepare(QConfig.FullRange);
        model.Calibrate(SkipNet.Batch(1));
        var progress = new Progress(count =>
        {
            if (count == 2)
            {
                cancellation.Cancel();
            }
        });

        Assert.Throws<OperationCanceledException>(() => SensitivityReport.Measure(model, [SkipNet.Batch(1)], progress, cancellation.Token));
        Assert.Equal([1, 2], progress.Counts);
    }

    [Fact]
    public void A_model_that_was_not_calibrated_and_no_batch_are_refused()
    {
        FloatModel model = SkipNet.Build();

        Assert.Throws<InvalidOperationException>(() => SensitivityReport.Measure(model, [SkipNet.Batch(1)]));
        Assert.Throws<ArgumentException>(() => SensitivityReport.Measure(model, []));
    }

    private sealed class Progress(Action<int> report) : IProgress<int>
    {
        public List<int> Counts { get; } = [];

        public void Report(int value)
        {
            Counts.Add(value);
            report(value);
        }
    }
}
