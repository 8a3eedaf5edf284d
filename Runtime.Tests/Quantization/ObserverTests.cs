using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FsCheck.Xunit;
using Kernels.Models;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Quantization;

public class ObserverTests
{
    private static readonly Dictionary<string, Func<IObserver>> Observers = new()
    {
        ["minmax"] = static () => new MinMaxObserver(),
        ["moving average"] = static () => new MovingAverageMinMaxObserver(0.1f),
        ["per channel"] = static () => new PerChannelMinMaxObserver(1),
        ["per channel moving average"] = static () => new MovingAveragePerChannelMinMaxObserver(0.1f, 1),
        ["histogram 1"] = static () => new HistogramObserver(),
        ["histogram 2"] = static () => new HistogramObserver(revision: HistogramRevision.PyTorch2),
        ["percentile"] = static () => new PercentileObserver(99),
        ["mean squared error"] = static () => new MeanSquaredErrorObserver(),
    };

    public static TheoryData<string> Names => [.. Observers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Never_observed_gives_scale_1_and_zero_point_0(string name)
    {
        IObserver observer = Observers[name]();
        Assert.False(observer.HasObserved);
        Assert.Equal(new QuantizationParameters(1, 0), observer.CalculateQuantizationParameters());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_batch_with_NaN_is_an_error_and_changes_nothing(string name)
    {
        IObserver observer = Observers[name]();
        observer.Observe(Tensor(1));
        QuantizationParameters[] before = Parameters(observer);
        FloatTensor broken = Tensor(2);
        broken.Data[7] = float.NaN;
        broken.Data[3] = float.PositiveInfinity;
        var exception = Assert.Throws<ArgumentException>(() => observer.Observe(broken));
        Assert.Contains("NaN at element 7", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, Parameters(observer));
    }

    [Theory]
    [InlineData("histogram 1")]
    [InlineData("histogram 2")]
    [InlineData("percentile")]
    [InlineData("mean squared error")]
    public void Histograms_skip_infinities(string name)
    {
        FloatTensor with = Tensor(1);
        with.Data[3] = float.PositiveInfinity;
        with.Data[4] = float.NegativeInfinity;
        IObserver observer = Observers[name]();
        observer.Observe([float.PositiveInfinity]);
        Assert.False(observer.HasObserved);
        observer.Observe(with);
        IObserver expected = Observers[name]();
        expected.Observe(with.Data.ToArray().Where(float.IsFinite).ToArray());
        Assert.Equal(Parameters(expected), Parameters(observer));
    }

    [Theory]
    [InlineData("minmax")]
    [InlineData("moving average")]
    [InlineData("per channel")]
    [InlineData("per channel moving average")]
    public void Ranges_refuse_infinities(string name)
    {
        FloatTensor with = Tensor(1);
        with.Data[3] = float.NegativeInfinity;
        var exception = Assert.Throws<ArgumentException>(() => Observers[name]().Observe(with));
        Assert.Contains("infinity at element 3", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Reset_forgets_everything(string name)
    {
        IObserver observer = Observers[name]();
        observer.Observe(Tensor(1));
        observer.Reset();
        Assert.False(observer.HasObserved);
        observer.Observe(Tensor(2));
        IObserver fresh = Observers[name]();
        fresh.Observe(Tensor(2));
        Assert.Equal(Parameters(fresh), Parameters(observer));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_saved_state_goes_on_as_the_original(string name)
    {
        IObserver original = Observers[name]();
        IObserver empty = Observers[name]();
        original.Observe(Tensor(1));
        original.Observe(Tensor(2));
        var writer = new SafetensorsWriter();
        original.SaveState(writer, "a.");
        empty.SaveState(writer, "b.");
        SafetensorsFile file = RoundTrip(writer);

        IObserver loaded = Observers[name]();
        loaded.Observe(Tensor(9));
        loaded.LoadState(file, "a.");
        Assert.Equal(Parameters(original), Parameters(loaded));
        original.Observe(Tensor(3));
        loaded.Observe(Tensor(3));
        Assert.Equal(Parameters(original), Parameters(loaded));

        loaded.LoadState(file, "b.");
        Assert.False(loaded.HasObserved);
        Assert.Throws<InvalidDataException>(() => loaded.LoadState(file, "c."));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_state_that_no_observer_can_have_is_refused(string name)
    {
        var writer = new SafetensorsWriter();
        writer.Add("a.min_val", [1], [2f]);
        writer.Add("a.max_val", [1], [1f]);
        writer.Add("a.num_batches", [1], [1L]);
        writer.Add("a.histogram", [2048], new float[2048]);
        SafetensorsFile file = RoundTrip(writer);
        Assert.Throws<InvalidDataException>(() => Observers[name]().LoadState(file, "a."));
    }

    [Theory]
    [InlineData("minmax", 0.0)]
    [InlineData("per channel", 0.0)]
    [InlineData("histogram 1", 0.02)]
    [InlineData("histogram 2", 0.01)]
    [InlineData("percentile", 0.01)]
    [InlineData("mean squared error", 0.02)]
    public void Observers_of_several_threads_merge_into_one_that_has_seen_all(string name, double tolerance)
    {
        IObserver one = Observers[name]();
        IObserver[] threads = [Observers[name](), Observers[name](), Observers[name]()];
        for (int i = 0; i < 12; i++)
        {
            one.Observe(Tensor(i));
            threads[i % 2].Observe(Tensor(i));
        }

        IObserver merged = Observers[name]();
        foreach (IObserver thread in threads)
        {
            merged.Merge(thread);
        }

        Assert.All(
            Parameters(one).Zip(Parameters(merged)),
            pair => Assert.InRange(pair.Second.Scale, pair.First.Scale * (1 - tolerance), pair.First.Scale * (1 + tolerance)));
    }

    [Fact]
    public void Merged_moving_averages_weigh_their_batches()
    {
        var a = new MovingAverageMinMaxObserver();
        var b = new MovingAverageMinMaxObserver();
        a.Observe([0f, 4f]);
        b.Observe([0f, 1f]);
        b.Observe([0f, 1f]);
        b.Observe([0f, 1f]);
        a.Merge(b);
        Assert.Equal(4, a.Batches);
        Assert.Equal(1.75f, a.MaxVal);
    }

    [Fact]
    public void Observers_that_differ_are_not_merged()
    {
        var observer = new MinMaxObserver();
        Assert.Throws<ArgumentException>(() => observer.Merge(new HistogramObserver()));
        Assert.Throws<ArgumentException>(() => observer.Merge(new MinMaxObserver(ObserverSettings.Weight)));
        Assert.Throws<ArgumentException>(() => observer.Merge(observer));
        Assert.Throws<ArgumentException>(() => new HistogramObserver().Merge(new HistogramObserver(bins: 64)));
        Assert.Throws<ArgumentException>(() => new PercentileObserver().Merge(new PercentileObserver(99)));
        Assert.Throws<ArgumentException>(() => new MovingAverageMinMaxObserver().Merge(new MovingAverageMinMaxObserver(0.5f)));
        Assert.Throws<ArgumentException>(() => new MovingAveragePerChannelMinMaxObserver().Merge(new MovingAveragePerChannelMinMaxObserver(0.5f)));
        Assert.Throws<ArgumentException>(() => new PerChannelMinMaxObserver(0).Merge(new PerChannelMinMaxObserver(1)));
        Assert.Throws<ArgumentException>(() => new FixedQParamsObserver(1, 0).Merge(new FixedQParamsObserver(2, 0)));
    }

    [Fact]
    public void A_moving_average_starts_with_the_first_batch_and_moves_by_its_constant()
    {
        var observer = new MovingAverageMinMaxObserver(0.25f);
        observer.Observe([-4f, 8f]);
        observer.Observe([-8f, 0f]);
        Assert.Equal((-5f, 6f), (observer.MinVal, observer.MaxVal));

        var channels = new MovingAveragePerChannelMinMaxObserver(0.25f, 1);
        channels.Observe(new FloatTensor(new Shape4(1, 2, 1, 1), [4f, 8f]));
        channels.Observe(new FloatTensor(new Shape4(1, 2, 1, 1), [0f, 16f]));
        Assert.Equal([(3f, 3f), (10f, 10f)], [channels.Range(0), channels.Range(1)]);
    }

    [Property]
    public void A_histogram_counts_every_value_in_its_bin_whatever_the_length(int seed)
    {
        var random = new Random(seed);
        int bins = random.Next(2, 100);
        float[] values = [.. Enumerable.Range(0, random.Next(2, 1200)).Select(_ => (float)(random.NextDouble() * 8 - 3))];
        values[0] = 7;
        values[^1] = -4;
        var observer = new HistogramObserver(bins: bins, revision: HistogramRevision.PyTorch2);
        observer.Observe(values);

        var expected = new float[bins];
        foreach (float value in values)
        {
            expected[Math.Min((int)((value + 4) * bins / 11), bins - 1)]++;
        }

        Assert.Equal(expected, observer.Histogram.ToArray());
        Assert.Equal((-4f, 7f), (observer.MinVal, observer.MaxVal));
    }

    [Property]
    public void A_histogram_keeps_its_counts_when_its_range_grows(int seed)
    {
        var random = new Random(seed);
        var observer = new MeanSquaredErrorObserver(bins: 50);
        int total = 0;
        for (int i = 0; i < 5; i++)
        {
            double scale = Math.Pow(10, random.Next(-3, 4));
            float[] values = [.. Enumerable.Range(0, random.Next(1, 100)).Select(_ => (float)(random.NextDouble() * scale))];
            observer.Observe(values);
            total += values.Length;
        }

        Assert.Equal(total, observer.Histogram.ToArray().Sum(), 0.01);
    }

    [Theory]
    [InlineData("histogram 1")]
    [InlineData("histogram 2")]
    [InlineData("percentile")]
    [InlineData("mean squared error")]
    public void Constants_and_extreme_ranges_give_finite_parameters(string name)
    {
        float[][] batches = [[0, 0, 0], [5, 5], [1e-42f, 0], [float.MaxValue, float.MinValue], [1e-30f, -1e-30f], [-3, -3.0000002f]];
        foreach (float[] first in batches)
        {
            foreach (float[] second in batches)
            {
                IObserver observer = Observers[name]();
                observer.Observe(first);
                observer.Observe(second);
                QuantizationParameters parameters = observer.CalculateQuantizationParameters();
                Assert.InRange(parameters.Scale, ObserverSettings.DefaultEps, float.MaxValue);
                Assert.InRange(parameters.ZeroPoint, 0, 255);
            }
        }
    }

    [Fact]
    public void The_first_revision_cuts_bounds_to_whole_numbers_and_the_second_does_not()
    {
        float[] values = [.. Enumerable.Range(0, 1000).Select(static i => i * 0.0019f)];
        var first = new HistogramObserver();
        var second = new HistogramObserver(revision: HistogramRevision.PyTorch2);
        first.Observe(values);
        second.Observe(values);
        Assert.Equal(values.Count(static v => v <= 1), first.Histogram.ToArray().Sum());
        Assert.Equal(1000, second.Histogram.ToArray().Sum());
    }

    [Fact]
    public void A_percentile_leaves_out_the_tails()
    {
        float[] values = [.. Enumerable.Range(0, 10_001).Select(static i => i * 0.01f), 1e3f, -1e3f];
        var observer = new PercentileObserver(99);
        observer.Observe(values);
        QuantizationParameters parameters = observer.CalculateQuantizationParameters();
        Assert.InRange(parameters.Scale * 255, 97, 100);
        Assert.Equal(0, parameters.ZeroPoint);

        var everything = new PercentileObserver(100);
        everything.Observe(values);
        Assert.Equal(2000f / 255, everything.CalculateQuantizationParameters().Scale);
    }

    [Theory]
    [InlineData(QuantizationScheme.Affine, 0)]
    [InlineData(QuantizationScheme.Affine, -2)]
    [InlineData(QuantizationScheme.Affine, -9)]
    [InlineData(QuantizationScheme.Symmetric, -2)]
    public void No_range_has_a_mean_squared_error_much_below_that_of_the_chosen_one(QuantizationScheme scheme, float low)
    {
        var random = new Random(1);
        // Few codes make clipping worth while.
        var settings = new ObserverSettings { Qscheme = scheme, QuantMin = 0, QuantMax = 31 };
        float[] values = [.. Enumerable.Range(0, 20_000).Select(_ =>
            MathF.Max(low, (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble()))))];
        var restored = new float[values.Length];
        double Error(QuantizationParameters parameters)
        {
            FakeQuantizer.Forward(values, parameters, 0, 31, restored);
            return values.Zip(restored, static (a, b) => (double)(a - b) * (a - b)).Average();
        }

        double Observed(IObserver observer)
        {
            observer.Observe(values);
            return Error(observer.CalculateQuantizationParameters());
        }

        double chosen = Observed(new MeanSquaredErrorObserver(settings));
        double least = double.PositiveInfinity;
        for (int i = 1; i <= 20; i++)
        {
            for (int j = 1; j <= 20; j++)
            {
                least = Math.Min(least, Error(settings.Calculate(values.Min() * i / 20, values.Max() * j / 20)));
            }
        }

        Assert.InRange(chosen, 0, 1.01 * least);
        Assert.InRange(chosen, 0, 0.8 * Observed(new MinMaxObserver(settings)));
        Assert.InRange(chosen, 0, Observed(new HistogramObserver(settings, revision: HistogramRevision.PyTorch2)));
    }

    [Fact]
    public void Fixed_parameters_do_not_change()
    {
        FixedQParamsObserver observer = FixedQParamsObserver.ForTanh();
        observer.Observe([float.NaN, 100]);
        Assert.True(observer.HasObserved);
        Assert.Equal(new QuantizationParameters(1 / 128f, 128), observer.CalculateQuantizationParameters());
        Assert.Equal(new QuantizationParameters(1 / 256f, 0), FixedQParamsObserver.ForSigmoid().CalculateQuantizationParameters());
        Assert.Throws<ArgumentOutOfRangeException>(() => new FixedQParamsObserver(1, 300));
    }

    [Fact]
    public void Observers_without_parameters_say_so()
    {
        Assert.Throws<InvalidOperationException>(() => new PlaceholderObserver().CalculateQuantizationParameters());
        Assert.Throws<InvalidOperationException>(() => new NoopObserver().CalculateQuantizationParameters());
        Assert.Throws<InvalidOperationException>(() => new RecordingObserver().CalculateQuantizationParameters());
    }

    [Fact]
    public void A_recording_keeps_copies_and_can_be_saved()
    {
        var observer = new RecordingObserver();
        FloatTensor tensor = Tensor(1);
        observer.Observe(tensor);
        observer.Observe([1f, float.NaN]);
        tensor.Data.Clear();
        var writer = new SafetensorsWriter();
        observer.SaveState(writer, "r.");
        var loaded = new RecordingObserver();
        loaded.LoadState(RoundTrip(writer), "r.");
        loaded.Merge(observer);

        Assert.Equal(4, loaded.TensorVal.Count);
        Assert.Equal(Tensor(1).Data.ToArray(), loaded.TensorVal[0].Data.ToArray());
        Assert.Equal(new[] { 1f, float.NaN }, loaded.TensorVal[1].Data.ToArray());
        Assert.Equal(Tensor(1).Shape, loaded.TensorVal[2].Shape);
    }

    private static QuantizationParameters[] Parameters(IObserver observer) => observer is IPerChannelObserver perChannel
        ? perChannel.CalculateChannelQuantizationParameters()
        : [observer.CalculateQuantizationParameters()];

    private static FloatTensor Tensor(int seed)
    {
        var random = new Random(seed);
        var tensor = new FloatTensor(new Shape4(2, 3, 9, 11));
        foreach (ref float value in tensor.Data)
        {
            value = (float)((random.NextDouble() + random.NextDouble() - 1) * (3 + seed % 3));
        }

        return tensor;
    }

    private static SafetensorsFile RoundTrip(SafetensorsWriter writer)
    {
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        return SafetensorsFile.Parse(stream.ToArray());
    }
}
