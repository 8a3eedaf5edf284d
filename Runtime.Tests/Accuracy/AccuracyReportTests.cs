using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Kernels.Accuracy;
using Kernels.Models;
using Kernels.Quantization;
using Kernels.Tests.Models;
using Xunit;

namespace Kernels.Tests.Accuracy;

public class AccuracyReportTests
{
    [Fact]
    public void Numbers_are_those_of_their_formulas()
    {
        var error = new ErrorStatistics();
        error.Add([3f, -1f, 0f, 2f], [3f, -2f, 0.5f, 2f]);

        Assert.Equal(10 * Math.Log10(14 / 1.25), error.Sqnr, 1e-12);
        Assert.Equal(10 * Math.Log10(16 / (1.25 / 4)), error.Psnr, 1e-12);
        Assert.Equal((9 + 2 + 4) / Math.Sqrt(14 * (9 + 4 + 0.25 + 4)), error.Cosine, 1e-12);
        Assert.Equal(-0.125, error.MeanError, 1e-12);
        Assert.Equal(1, error.MaxError);
        Assert.Equal(4, error.Count);
    }

    [Fact]
    public void Values_that_do_not_differ_are_exact()
    {
        var error = new ErrorStatistics();
        error.Add([0f, 0f], [0f, 0f]);

        Assert.Equal(double.PositiveInfinity, error.Sqnr);
        Assert.Equal(double.PositiveInfinity, error.Psnr);
        Assert.Equal(1, error.Cosine);
        error.Add([0f], [1f]);
        Assert.Equal(double.NegativeInfinity, error.Sqnr);
        Assert.Equal(0, error.Cosine);
    }

    [Fact]
    public void Each_layer_is_compared_with_the_same_layer_of_the_float_model()
    {
        (FloatModel model, QuantizedModel converted) = Models(keep: "add");
        AccuracyReport report = AccuracyReport.Measure(model, converted, [SkipNet.Batch(1), SkipNet.Batch(2)]);

        Assert.Equal(["input", .. model.LayerNames], report.Layers.Select(static layer => layer.Name));
        Assert.Equal(["add"], report.Layers.Where(static layer => !layer.IsQuantized).Select(static layer => layer.Name));

        var expected = new ErrorStatistics();
        foreach (FloatTensor batch in (FloatTensor[])[SkipNet.Batch(1), SkipNet.Batch(2)])
        {
            expected.Add(model.Forward(batch).Data, converted.Forward(batch).Data);
        }

        Assert.Equal(expected.Sqnr, report.Output.Error.Sqnr, 1e-9);
        Assert.Equal(expected.Cosine, report.Output.Error.Cosine, 1e-12);
        Assert.Equal(expected.MaxError, report.Output.Error.MaxError);
        Assert.Equal(expected.Count, report.Output.Error.Count);

        // The input is rounded, and nothing else.
        FloatTensor input = SkipNet.Batch(1);
        FloatTensor rounded = Quantizer.Dequantize(Quantizer.Quantize(input, converted.InputQuantization!.Value));
        var first = new ErrorStatistics();
        first.Add(input.Data, rounded.Data);
        Assert.Equal(first.Sqnr, AccuracyReport.Measure(model, converted, [input]).Layers[0].Error.Sqnr, 1e-9);
    }

    [Fact]
    public void The_worst_channel_is_the_one_with_the_least_SQNR()
    {
        (FloatModel model, QuantizedModel converted) = Models();
        FloatTensor batch = SkipNet.Batch(1);
        LayerAccuracy output = AccuracyReport.Measure(model, converted, [batch]).Output;
        FloatTensor expected = model.Forward(batch);
        FloatTensor actual = converted.Forward(batch);

        var channels = new ErrorStatistics[3];
        for (int c = 0; c < 3; c++)
        {
            channels[c] = new ErrorStatistics();
            Each(expected.Shape, (n, y, x) => channels[c].Add(expected[n, c, y, x], actual[n, c, y, x]));
            Assert.Equal(channels[c].Sqnr, output.Channels[c].Sqnr, 1e-9);
        }

        Assert.Equal(channels.Min(static channel => channel.Sqnr), output.Channels[output.WorstChannel].Sqnr, 1e-9);
    }

    [Fact]
    public void Phases_of_a_transposed_layer_are_told_apart()
    {
        (FloatModel model, QuantizedModel converted) = Models();
        FloatTensor batch = SkipNet.Batch(1);
        LayerAccuracy output = AccuracyReport.Measure(model, converted, [batch]).Output;
        FloatTensor expected = model.Forward(batch);
        FloatTensor actual = converted.Forward(batch);

        Assert.Equal(4, output.Phases.Count);
        foreach (PhaseAccuracy phase in output.Phases)
        {
            var error = new ErrorStatistics();
            Each(expected.Shape, (n, y, x) =>
            {
                for (int c = 0; c < 3 && y % 2 == phase.Row && x % 2 == phase.Column; c++)
                {
                    error.Add(expected[n, c, y, x], actual[n, c, y, x]);
                }
            });
            Assert.Equal(error.Sqnr, phase.Error.Sqnr, 1e-9);
            Assert.Equal(error.MeanError, phase.Error.MeanError, 1e-9);
        }
    }

    [Fact]
    public void A_checkerboard_shows_as_phases_that_differ()
    {
        // With one scale for all weights, the small ones of three phases become 0.
        float[] weights = [1f, 0.002f, 0.002f, 0.002f];
        var builder = new ModelBuilder(1);
        FloatModel model = builder.Build(builder.Add("up", Modules.ConvTranspose2d(new LayerWeights(new FloatWeight(new Shape4(1, 1, 2, 2), weights)), stride: 2), builder.Input));
        model.Prepare(QConfig.FullRange.WithPerTensorWeights());
        FloatTensor batch = SkipNet.Batch(1, new Shape4(1, 1, 8, 8));
        model.Calibrate(batch);

        AccuracyReport report = AccuracyReport.Measure(model, model.Convert(), [batch]);

        Assert.True(report.Output.Phases[0].Error.Sqnr > 40);
        Assert.All(report.Output.Phases.Skip(1), static phase => Assert.Equal(0, phase.Error.Sqnr, 0.1));
        Assert.Contains("phases of up", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Saturation_is_the_share_of_values_beyond_the_codes()
    {
        FloatModel model = SkipNet.Build().Fuse();
        model.Prepare(new QConfig(static () => new FixedQParamsObserver(0.002f, 128), static () => new MinMaxObserver(ObserverSettings.Weight)));
        FloatTensor batch = SkipNet.Batch(1);
        model.Calibrate(batch);

        AccuracyReport report = AccuracyReport.Measure(model, model.Convert(), [batch]);

        int beyond = batch.Data.ToArray().Count(static x => x < -128.5f * 0.002f || x > 127.5f * 0.002f);
        Assert.InRange(beyond, 1, batch.Data.Length - 1);
        Assert.Equal((double)beyond / batch.Data.Length, report.Layers[0].Saturation, 1e-12);
    }

    [Fact]
    public void A_model_that_was_not_converted_from_this_one_is_refused()
    {
        (FloatModel model, QuantizedModel converted) = Models();

        Assert.Contains("13 layers", Assert.Throws<ArgumentException>(() => AccuracyReport.Measure(SkipNet.Build(), converted, [])).Message, StringComparison.Ordinal);
        Assert.Contains("give at least one", Assert.Throws<ArgumentException>(() => AccuracyReport.Measure(model, converted, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sequential_model_is_measured_too()
    {
        var model = new TwoLayers(TwoLayersData.FloatWeights());
        FloatTensor batch = TwoLayersData.Batch(new Shape4(2, 2, 6, 7), seed: 1);
        model.Prepare();
        model.Calibrate(batch);
        QuantizedModel converted = model.Convert();
        var expected = new ErrorStatistics();
        expected.Add(model.Forward(batch).Data, converted.Forward(batch).Data);

        AccuracyReport report = AccuracyReport.Measure(model, converted, [batch]);

        Assert.Equal(["input", "First", "Second"], report.Layers.Select(static layer => layer.Name));
        Assert.Equal(expected.Sqnr, report.Output.Error.Sqnr, 1e-9);
    }

    [Fact]
    public void The_table_has_a_line_for_each_layer_in_any_culture()
    {
        AccuracyReport report = Report();
        CultureInfo before = CultureInfo.CurrentCulture;
        string text;
        string svg;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            text = report.ToString();
            svg = report.ToSvg();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        string[] lines = text.Split('\n');
        Assert.Equal(report.ToString(), text);
        Assert.Equal(report.ToSvg(), svg);
        Assert.StartsWith("layer", lines[0], StringComparison.Ordinal);
        for (int i = 0; i < report.Layers.Count; i++)
        {
            Assert.StartsWith(report.Layers[i].Name, lines[i + 1], StringComparison.Ordinal);
            Assert.Contains(report.Layers[i].Error.Sqnr.ToString("F1", CultureInfo.InvariantCulture), lines[i + 1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_page_needs_no_other_file_and_escapes_names()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var builder = new ModelBuilder(3);
        FloatModel model = builder.Build(builder.Add("<conv & co>", Modules.Conv2d(SkipNet.Conv1), builder.Input));
        model.Prepare(QConfig.FullRange);
        model.Calibrate(SkipNet.Batch(1));
        AccuracyReport report = AccuracyReport.Measure(model, model.Convert(), [SkipNet.Batch(2)]);
        try
        {
            report.SaveHtml(path, "a < b");
            string html = File.ReadAllText(path);

            Assert.Contains("<title>a &lt; b</title>", html, StringComparison.Ordinal);
            Assert.Contains("&lt;conv &amp; co&gt;", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<conv", html, StringComparison.Ordinal);
            Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
            Assert.DoesNotContain("href=", html, StringComparison.Ordinal);
            Assert.Contains(report.ToSvg(), html, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Equal("svg", XDocument.Parse(report.ToSvg()).Root!.Name.LocalName);
    }

    [Fact]
    public void The_picture_of_ranges_has_a_bar_for_each_channel_of_an_int8_layer_as_high_as_its_bits()
    {
        // Channel 1 has values a sixteenth as large: four bits less.
        var builder = new ModelBuilder(2);
        FloatModel model = builder.Build(builder.Add("both", Modules.LeakyReLU(1), builder.Input));
        FloatTensor batch = FloatTensor.FromNchw(new Shape4(1, 2, 1, 2), [-1, 1, -1 / 16f, 1 / 16f]);
        model.Prepare(QConfig.FullRange);
        model.Calibrate(batch);
        XNamespace ns = "http://www.w3.org/2000/svg";
        XElement svg = XDocument.Parse(AccuracyReport.Measure(model, model.Convert(), [batch]).ToChannelRangesSvg()).Root!;
        string[] titles = [.. svg.Descendants(ns + "title").Select(static title => title.Value)];
        double[] heights = [.. svg.Elements(ns + "rect").Where(rect => rect.Element(ns + "title") is not null).Select(static rect => (double)rect.Attribute("height")!)];

        Assert.Equal(["channel 0: -1 to 1, 8.0 bits", "channel 1: -0.0625 to 0.0625, 4.1 bits"], titles[..2]);
        Assert.Equal(4, titles.Length);
        Assert.Equal(4.1 / 8, heights[1] / heights[0], 0.02);
    }

    [Fact]
    public void The_picture_has_a_bar_for_each_layer_a_tick_for_each_channel_and_a_square_for_each_phase()
    {
        AccuracyReport report = Report();
        XNamespace ns = "http://www.w3.org/2000/svg";
        XElement svg = XDocument.Parse(report.ToSvg()).Root!;
        int phases = report.Layers.Sum(static layer => layer.Phases.Count);

        Assert.Equal(1 + report.Layers.Count + phases, svg.Elements(ns + "rect").Count());
        Assert.Equal(report.Layers.Sum(static layer => layer.Channels.Count), svg.Elements(ns + "line").Count(static line => line.Element(XName.Get("title", "http://www.w3.org/2000/svg")) is not null));
    }

    private static AccuracyReport Report()
    {
        (FloatModel model, QuantizedModel converted) = Models();
        return AccuracyReport.Measure(model, converted, [SkipNet.Batch(3)]);
    }

    private static (FloatModel Model, QuantizedModel Converted) Models(string? keep = null)
    {
        FloatModel model = SkipNet.Build().Fuse();
        return (model, QuantizedModelTests.Converted(model, QConfig.FullRange, keep));
    }

    private static void Each(Shape4 shape, Action<int, int, int> pixel)
    {
        for (int n = 0; n < shape.N; n++)
        {
            for (int y = 0; y < shape.H; y++)
            {
                for (int x = 0; x < shape.W; x++)
                {
                    pixel(n, y, x);
                }
            }
        }
    }
}
