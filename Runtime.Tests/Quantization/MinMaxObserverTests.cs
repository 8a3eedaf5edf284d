using System;
using System.Linq;
using FsCheck.Xunit;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Quantization;

public class MinMaxObserverTests
{
    [Property]
    public void The_range_is_that_of_all_batches_whatever_their_length(int seed)
    {
        var random = new Random(seed);
        var observer = new MinMaxObserver();
        float[][] batches = [.. Enumerable.Range(0, 3).Select(_ => Values(random, random.Next(1, 200)))];
        foreach (float[] batch in batches)
        {
            observer.Observe(batch);
        }

        Assert.Equal(batches.Min(static b => b.Min()), observer.MinVal);
        Assert.Equal(batches.Max(static b => b.Max()), observer.MaxVal);
    }

    [Property]
    public void A_value_that_is_not_finite_is_an_error_wherever_it_stands(int seed)
    {
        var random = new Random(seed);
        float[] values = Values(random, random.Next(1, 200));
        values[random.Next(values.Length)] = random.Next(3) switch { 0 => float.NaN, 1 => float.PositiveInfinity, _ => float.NegativeInfinity };
        var observer = new MinMaxObserver();
        observer.Observe([1f]);

        var exception = Assert.Throws<ArgumentException>(() => observer.Observe(values));

        Assert.Contains("at element", exception.Message, StringComparison.Ordinal);
        Assert.Equal((1f, 1f), (observer.MinVal, observer.MaxVal));
    }

    [Fact]
    public void Nothing_observed_gives_scale_1_and_zero_point_0()
    {
        Assert.Equal(new QuantizationParameters(1, 0), new MinMaxObserver().CalculateQuantizationParameters());
        Assert.Equal(new QuantizationParameters(1, 0), new PerChannelMinMaxObserver().CalculateQuantizationParameters());
        var observer = new MinMaxObserver();
        observer.Observe([]);
        observer.Observe([5f]);
        observer.Reset();
        Assert.Equal(new QuantizationParameters(1, 0), observer.CalculateQuantizationParameters());
    }

    [Fact]
    public void The_range_always_includes_zero()
    {
        var observer = new MinMaxObserver();
        observer.Observe([10f, 25.5f]);
        Assert.Equal(new QuantizationParameters(25.5f / 255, 0), observer.CalculateQuantizationParameters());
    }

    [Fact]
    public void No_scale_is_below_eps()
    {
        var observer = new MinMaxObserver();
        observer.Observe([0f, 1e-20f]);
        Assert.Equal(MathF.Pow(2, -23), observer.CalculateQuantizationParameters().Scale);
    }

    [Fact]
    public void The_widest_range_has_a_finite_scale()
    {
        var observer = new MinMaxObserver();
        observer.Observe([float.MinValue, float.MaxValue]);
        Assert.InRange(observer.CalculateQuantizationParameters().ZeroPoint, 127, 128);
    }

    [Theory]
    [InlineData(QuantizedDtype.Quint8, QuantizationScheme.Affine, false, null, null, 2f / 255, 127)]
    [InlineData(QuantizedDtype.Quint8, QuantizationScheme.Affine, true, null, null, 2f / 127, 64)]
    [InlineData(QuantizedDtype.Qint8, QuantizationScheme.Affine, true, null, null, 2f / 127, 0)]
    [InlineData(QuantizedDtype.Qint8, QuantizationScheme.Symmetric, false, null, null, 1 / 127.5f, 0)]
    [InlineData(QuantizedDtype.Qint8, QuantizationScheme.Symmetric, true, null, null, 1 / 63.5f, 0)]
    [InlineData(QuantizedDtype.Quint8, QuantizationScheme.Symmetric, false, null, null, 1 / 127.5f, 128)]
    [InlineData(QuantizedDtype.Quint8, QuantizationScheme.Symmetric, false, 0, 15, 1 / 7.5f, 7)]
    [InlineData(QuantizedDtype.Qint8, QuantizationScheme.Symmetric, false, -127, 127, 1 / 127f, 0)]
    [InlineData(QuantizedDtype.Quint8, QuantizationScheme.Affine, true, 0, 255, 2f / 127, 64)]
    public void Scale_and_zero_point_follow_the_settings(QuantizedDtype dtype, QuantizationScheme scheme, bool reduceRange, int? min, int? max, float scale, int zeroPoint)
    {
        var observer = new MinMaxObserver(new ObserverSettings { Dtype = dtype, Qscheme = scheme, ReduceRange = reduceRange, QuantMin = min, QuantMax = max });
        observer.Observe([-1f, 1f]);
        Assert.Equal(new QuantizationParameters(scale, zeroPoint), observer.CalculateQuantizationParameters());
    }

    [Fact]
    public void Settings_that_contradict_each_other_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new MinMaxObserver(new ObserverSettings { QuantMin = 0 }));
        Assert.Throws<ArgumentException>(() => new MinMaxObserver(new ObserverSettings { QuantMin = 1, QuantMax = 9 }));
        Assert.Throws<ArgumentException>(() => new MinMaxObserver(new ObserverSettings { QuantMin = 0, QuantMax = 256 }));
        Assert.Throws<ArgumentException>(() => new MinMaxObserver(new ObserverSettings { Qscheme = QuantizationScheme.Symmetric, ReduceRange = true }));
        Assert.Throws<ArgumentException>(() => new MinMaxObserver(new ObserverSettings { Eps = 0 }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Channels_along_any_axis_have_their_own_ranges(int axis)
    {
        var shape = new Shape4(2, 11, 4, 5);
        float[] nchw = Values(new Random(axis), shape.Count);
        var observer = new PerChannelMinMaxObserver(axis, ObserverSettings.Weight);
        observer.Observe(FloatTensor.FromNchw(shape, nchw));
        var contiguous = new PerChannelMinMaxObserver(axis, ObserverSettings.Weight);
        contiguous.Observe(nchw, ChannelLayout.Contiguous(shape, axis));

        int[] dimensions = [shape.N, shape.C, shape.H, shape.W];
        int inner = dimensions.Skip(axis + 1).Aggregate(1, static (a, b) => a * b);
        float[] expected = [.. Enumerable.Range(0, dimensions[axis]).Select(c =>
            nchw.Where((_, i) => i / inner % dimensions[axis] == c).Max(MathF.Abs) / 127.5f)];
        Assert.Equal(expected, observer.CalculateChannelQuantizationParameters().Select(static p => p.Scale));
        Assert.Equal(expected, contiguous.CalculateChannelQuantizationParameters().Select(static p => p.Scale));
    }

    [Fact]
    public void A_per_channel_observer_refuses_what_has_no_or_other_channels()
    {
        var observer = new PerChannelMinMaxObserver(1);
        observer.Observe(new FloatTensor(new Shape4(1, 2, 1, 1)));
        Assert.Throws<InvalidOperationException>(() => observer.Observe([1f]));
        Assert.Throws<InvalidOperationException>(() => observer.CalculateQuantizationParameters());
        Assert.Throws<ArgumentException>(() => observer.Observe(new FloatTensor(new Shape4(1, 3, 1, 1))));
        Assert.Throws<ArgumentException>(() => observer.Observe([1f], new ChannelLayout(1, 1, 2, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PerChannelMinMaxObserver(4));
    }

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 20 - 10)];
}
