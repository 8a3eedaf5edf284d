using System;
using System.IO;
using System.Linq;
using FsCheck.Xunit;
using Kernels.Models;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Quantization;

public class FakeQuantizeTests
{
    [Property]
    public void Rounding_equals_quantizing_and_dequantizing_bit_for_bit(int seed)
    {
        var random = new Random(seed);
        float[] values = Values(random, random.Next(0, 100));
        if (values.Length > 4)
        {
            (values[0], values[1], values[2], values[3]) = (float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f);
        }

        var parameters = new QuantizationParameters(0.01f + random.NextSingle() * 0.1f, random.Next(256));
        var codes = new byte[values.Length];
        var expected = new float[values.Length];
        Quantizer.Quantize(values, parameters, codes);
        Quantizer.Dequantize(codes, parameters, expected);
        FakeQuantizer.Forward(values, parameters, 0, 255, values);
        Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), values.Select(BitConverter.SingleToInt32Bits));
    }

    [Property]
    public void The_gradient_passes_where_the_code_was_not_clamped(int seed)
    {
        var random = new Random(seed);
        float[] values = Values(random, random.Next(4, 100));
        (values[0], values[1], values[2]) = (float.NaN, float.PositiveInfinity, float.NegativeInfinity);
        float[] gradient = Values(random, values.Length);
        var parameters = new QuantizationParameters(0.02f, 30);
        var actual = new float[values.Length];
        FakeQuantizer.Backward(values, gradient, parameters, 10, 100, actual);
        Assert.Equal(values.Zip(gradient, static (x, g) => MathF.Round(x * (1 / 0.02f)) + 30 is >= 10 and <= 100 ? g : 0), actual);
    }

    [Fact]
    public void Fixed_parameters_hold_from_the_start()
    {
        var fakeQuantize = new FakeQuantize(FixedQParamsObserver.ForSigmoid()) { ObserverEnabled = false };
        Assert.Equal(1f / 256, fakeQuantize.Parameters[0].Scale);

        fakeQuantize.Reset();
        Assert.Equal(1f / 256, fakeQuantize.Parameters[0].Scale);
    }

    [Fact]
    public void Each_channel_is_rounded_with_its_own_scale()
    {
        var layout = new ChannelLayout(Groups: 2, Outer: 3, GroupChannels: 2, Inner: 5);
        float[] values = Values(new Random(1), layout.Count);
        var fake = new FakeQuantize(new PerChannelMinMaxObserver(settings: ObserverSettings.Weight));
        var output = new float[values.Length];
        fake.Forward(values, layout, output);

        Assert.Equal(4, fake.Parameters.Length);
        for (int i = 0; i < values.Length; i++)
        {
            int channel = i / 30 * 2 + i / 5 % 2;
            float scale = fake.Parameters[channel].Scale;
            Assert.Equal(Math.Clamp(MathF.Round(values[i] * (1 / scale)), -128, 127) * scale, output[i]);
        }

        float[] gradient = Values(new Random(2), layout.Count);
        var back = new float[values.Length];
        fake.Backward(values, gradient, layout, back);
        Assert.Equal(values.Length, back.Length);
        for (int i = 0; i < values.Length; i++)
        {
            float scale = fake.Parameters[i / 30 * 2 + i / 5 % 2].Scale;
            Assert.Equal(MathF.Round(values[i] * (1 / scale)) is >= -128 and <= 127 ? gradient[i] : 0, back[i]);
        }

        Assert.Throws<InvalidOperationException>(() => fake.Backward(values, gradient, back));
        Assert.Throws<InvalidOperationException>(() => fake.Forward(values, output));
    }

    [Fact]
    public void A_tensors_channels_are_those_of_the_observers_axis()
    {
        var tensor = new FloatTensor(new Shape4(1, 2, 1, 2), [1f, 100f, 0.5f, 50f]);
        FloatTensor output = new FakeQuantize(new PerChannelMinMaxObserver(1)).Forward(tensor);
        Assert.Equal(1f, output[0, 0, 0, 0], 1e-5f);
        Assert.Equal(100f, output[0, 1, 0, 0], 1e-3f);
        Assert.InRange(output[0, 0, 0, 1], 0.498f, 0.502f);
    }

    [Fact]
    public void Both_halves_can_be_switched_off()
    {
        var fake = new FakeQuantize(new MinMaxObserver());
        var output = new float[3];
        fake.FakeQuantEnabled = false;
        fake.Forward([0f, 1.234f, 255f], output);
        Assert.Equal(new[] { 0f, 1.234f, 255f }, output);
        fake.Backward([0f, 1f, 500f], [1f, 2f, 3f], output);
        Assert.Equal(new[] { 1f, 2f, 3f }, output);

        fake.FakeQuantEnabled = true;
        fake.ObserverEnabled = false;
        fake.Forward([0f, 1.234f, 510f], output);
        Assert.Equal(new[] { 0f, 1f, 255f }, output);
        Assert.Equal(new QuantizationParameters(1, 0), fake.Parameters[0]);

        fake.ObserverEnabled = true;
        fake.Forward([0f, 1.234f, 510f], output);
        Assert.Equal(new[] { 0f, 2f, 510f }, output);
    }

    [Fact]
    public void A_saved_state_restores_parameters_and_switches()
    {
        var fake = new FakeQuantize(new MovingAverageMinMaxObserver()) { FakeQuantEnabled = false };
        fake.Forward([0f, 7f], new float[2]);
        fake.ObserverEnabled = false;
        var writer = new SafetensorsWriter();
        fake.SaveState(writer, "f.");
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        SafetensorsFile file = SafetensorsFile.Parse(stream.ToArray());

        var loaded = new FakeQuantize(new MovingAverageMinMaxObserver());
        loaded.LoadState(file, "f.");
        Assert.Equal(fake.Parameters.ToArray(), loaded.Parameters.ToArray());
        Assert.Equal((false, false, true), (loaded.FakeQuantEnabled, loaded.ObserverEnabled, loaded.Observer.HasObserved));
        Assert.Throws<InvalidDataException>(() => loaded.LoadState(file, "g."));
        loaded.Reset();
        Assert.Equal(new QuantizationParameters(1, 0), loaded.Parameters[0]);
    }

    [Fact]
    public void Spans_that_are_too_short_and_zero_points_out_of_range_are_refused()
    {
        var parameters = new QuantizationParameters(1, 5);
        Assert.Throws<ArgumentException>(() => FakeQuantizer.Forward(new float[2], parameters, 0, 9, new float[1]));
        Assert.Throws<ArgumentException>(() => FakeQuantizer.Backward(new float[2], new float[1], parameters, 0, 9, new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FakeQuantizer.Forward(new float[2], parameters, 6, 9, new float[2]));
    }

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 20 - 10)];
}
