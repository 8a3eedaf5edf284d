using System;
using System.Collections.Generic;
using Kernels.Layers;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Layers;

public class ActivationTests
{
    [Fact]
    public void Golden_activations_are_equal()
    {
        foreach (GoldenCase golden in GoldenFile.Load("activations"))
        {
            var input = new QuantizationParameters(golden.Float("input_scale"), golden.Int("input_zero_point"));
            var output = new QuantizationParameters(golden.Float("output_scale"), golden.Int("output_zero_point"));
            QuantizedLayer layer = golden.Text("op") switch
            {
                "relu" => new QuantizedRelu(input),
                "relu6" => new QuantizedRelu6(input),
                "sigmoid" => new QuantizedSigmoid(input, output),
                "leaky_relu" => new QuantizedLeakyRelu(input, output, golden.Float("negative_slope")),
                "hardswish" => new QuantizedHardSwish(input, output),
                "tanh" => new QuantizedTanh(input, output),
                string op => throw new InvalidOperationException($"Unknown op {op}."),
            };
            IReadOnlyList<int> shape = golden.Tensor("input").Shape;
            var x = QuantizedTensor.FromNchw(new Shape4(shape[0], shape[1], shape[2], shape[3]), input, golden.Tensor("input").ToBytes());

            Assert.True(golden.Tensor("output").Bytes.SequenceEqual(layer.Forward(x).ToNchw()), golden.ToString());
        }
    }

    [Fact]
    public void Every_length_gives_each_code_its_own_result()
    {
        // Lengths around the vector widths take other paths through the table and the clamp.
        var input = new QuantizationParameters(0.05f, 117);
        var output = new QuantizationParameters(0.02f, 31);
        foreach (QuantizedLayer layer in new QuantizedLayer[]
        {
            new QuantizedRelu(input), new QuantizedRelu6(input), new QuantizedLeakyRelu(input, output, 0.1f), new QuantizedHardSwish(input, output),
            new QuantizedSigmoid(input, QuantizedSigmoid.FixedOutput), new QuantizedTanh(input, QuantizedTanh.FixedOutput), new QuantizedRequantize(input, output),
            new QuantizedHardtanh(input, -0.7f, 2f), new QuantizedPRelu([0.3f], input, output), new QuantizedAffine(new AffineParameters([0.3f], [1f]), input, output),
        })
        {
            var single = new byte[256];
            for (int code = 0; code < 256; code++)
            {
                layer.Run([(byte)code], 1, 1, 1, single.AsSpan(code, 1));
            }

            var codes = new byte[200];
            new Random(5).NextBytes(codes);
            for (int length = 1; length <= codes.Length; length++)
            {
                var results = new byte[length];
                layer.Run(codes.AsSpan(0, length), 1, 1, 1, results);
                for (int i = 0; i < length; i++)
                {
                    Assert.Equal(single[codes[i]], results[i]);
                }
            }
        }
    }

    [Fact]
    public void Int8_activations_are_within_half_a_step_of_their_float_twins()
    {
        var input = new QuantizationParameters(0.05f, 117);
        (QuantizedLayer Int8, FloatLayer Float)[] pairs =
        [
            (new QuantizedRelu(input), new FloatRelu()),
            (new QuantizedRelu6(input), new FloatRelu6()),
            (new QuantizedLeakyRelu(input, new(0.05f, 20), 0.1f), new FloatLeakyRelu(0.1f)),
            (new QuantizedHardSwish(input, new(0.03f, 15)), new FloatHardSwish()),
            (new QuantizedSigmoid(input, QuantizedSigmoid.FixedOutput), new FloatSigmoid()),
            (new QuantizedTanh(input, QuantizedTanh.FixedOutput), new FloatTanh()),
            (new QuantizedHardSigmoid(input, QuantizedHardSigmoid.FixedOutput), new FloatHardSigmoid()),
            (new QuantizedHardtanh(input, -2f, 3f), new FloatHardtanh(-2f, 3f)),
            (new QuantizedSilu(input, new(0.03f, 15)), new FloatSilu()),
            (new QuantizedGelu(input, new(0.03f, 15)), new FloatGelu()),
            (new QuantizedGelu(input, new(0.03f, 15), GeluApproximation.Tanh), new FloatGelu(GeluApproximation.Tanh)),
            (new QuantizedElu(input, new(0.04f, 40), 1.3f), new FloatElu(1.3f)),
            (new QuantizedMish(input, new(0.03f, 15)), new FloatMish()),
            (new QuantizedSoftplus(input, new(0.03f, 2), 0.5f, 2f), new FloatSoftplus(0.5f, 2f)),
            (new QuantizedPRelu([0.3f], input, new(0.04f, 60)), new FloatPRelu([0.3f])),
            (new QuantizedAffine(new AffineParameters([-0.3f], [0.5f]), input, new(0.03f, 100)), new FloatAffine(new AffineParameters([-0.3f], [0.5f]))),
        ];
        var codes = new byte[256];
        for (int code = 0; code < codes.Length; code++)
        {
            codes[code] = (byte)code;
        }

        var x = new QuantizedTensor(new Shape4(1, 256, 1, 1), input, codes);
        foreach ((QuantizedLayer int8, FloatLayer twin) in pairs)
        {
            FloatTensor expected = twin.Forward(Quantizer.Dequantize(x));
            FloatTensor actual = Quantizer.Dequantize(int8.Forward(x));
            QuantizationParameters q = int8.OutputQuantization;
            for (int i = 0; i < codes.Length; i++)
            {
                float inRange = Math.Clamp(expected.Data[i], -q.ZeroPoint * q.Scale, (255 - q.ZeroPoint) * q.Scale);
                Assert.True(Math.Abs(inRange - actual.Data[i]) <= 0.5001f * q.Scale, $"{int8.GetType().Name} {codes[i]}: {inRange} {actual.Data[i]}");
            }
        }
    }

    [Fact]
    public void Float_activations_are_their_formulas_at_every_position()
    {
        var values = new float[37];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (i - 18) * 0.45f;
        }

        (FloatLayer Layer, Func<float, double> Formula)[] pairs =
        [
            (new FloatRelu(), static x => Math.Max(x, 0)),
            (new FloatRelu6(), static x => Math.Clamp(x, 0, 6)),
            (new FloatLeakyRelu(0.2f), static x => x > 0 ? x : 0.2f * x),
            (new FloatHardSwish(), static x => x * Math.Clamp(x + 3.0, 0, 6) / 6),
            (new FloatSigmoid(), static x => 1 / (1 + Math.Exp(-x))),
            (new FloatTanh(), static x => Math.Tanh(x)),
            (new FloatHardSigmoid(), static x => Math.Clamp(x + 3.0, 0, 6) / 6),
            (new FloatHardtanh(-0.5f, 2f), static x => Math.Clamp(x, -0.5, 2)),
            (new FloatSilu(), static x => x / (1 + Math.Exp(-x))),
            (new FloatGelu(), static x => x * Normal(x)),
            (new FloatGelu(GeluApproximation.Tanh), static x => x * 0.5 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))),
            (new FloatElu(0.7f), static x => x > 0 ? x : 0.7f * (Math.Exp(x) - 1)),
            (new FloatMish(), static x => x * Math.Tanh(Math.Log(1 + Math.Exp(x)))),
            (new FloatSoftplus(), static x => Math.Log(1 + Math.Exp(x))),
            (new FloatSoftplus(2f, 3f), static x => x > 1.5 ? x : Math.Log(1 + Math.Exp(2 * x)) / 2),
            (new FloatPRelu([0.2f]), static x => x > 0 ? x : 0.2f * x),
            (new FloatAffine(new AffineParameters([0.2f], [3f])), static x => 0.2f * x + 3),
        ];
        foreach ((FloatLayer layer, Func<float, double> formula) in pairs)
        {
            var results = new float[values.Length];
            layer.Run(values, 1, 1, 1, results);
            for (int i = 0; i < values.Length; i++)
            {
                Assert.Equal(formula(values[i]), results[i], 1e-6);
            }
        }
    }

    [Fact]
    public void Functions_keep_their_precision_near_zero_and_their_limits_far_away()
    {
        (FloatLayer Layer, Func<float, double> Formula)[] pairs =
        [
            (new FloatTanh(), static x => Math.Tanh(x)),
            (new FloatElu(), static x => x > 0 ? x : x < -40 ? -1 : 2 * Math.Sinh(x / 2.0) * Math.Exp(x / 2.0)),
            (new FloatSoftplus(1f, 1000f), static x => x < -8 ? Math.Exp(x) - Math.Exp(2 * x) / 2 : Math.Log(1 + Math.Exp(x))),
            (new FloatSilu(), static x => x / (1 + Math.Exp(-(double)x))),
            (new FloatMish(), static x => x < -20 ? x * Math.Exp(x) : x * Math.Tanh(Math.Log(1 + Math.Exp((double)x)))),
        ];
        float[] values = [-1e30f, -200, -30, -12, -1e-3f, -3e-5f, -1e-9f, 0, 1e-12f, 2e-6f, 1e-3f, 0.3f, 12, 30, 200, 1e30f];
        foreach ((FloatLayer layer, Func<float, double> formula) in pairs)
        {
            var results = new float[values.Length];
            layer.Run(values, 1, 1, 1, results);
            for (int i = 0; i < values.Length; i++)
            {
                double expected = formula(values[i]);
                Assert.True(Math.Abs(expected - results[i]) <= 2e-6 * Math.Abs(expected) + 1e-37, $"{layer.GetType().Name} {values[i]}: {expected} {results[i]}");
            }
        }
    }

    [Fact]
    public void Tables_of_functions_with_exponentials_are_computed_in_double_precision()
    {
        // The normal distribution by Simpson's rule.
        for (double x = -6; x <= 6; x += 0.173)
        {
            Assert.Equal(Normal(x), DoubleFunctions.Erfc(-x / Math.Sqrt(2)) / 2, 1e-12);
        }

        Assert.Equal(Math.Exp(-1e-9) - 1, DoubleFunctions.Expm1(-1e-9), 1e-16);
        Assert.Equal(-1e-9 + 0.5e-18, DoubleFunctions.Expm1(-1e-9), 1e-24);
        Assert.Equal(Math.Exp(-30), DoubleFunctions.Softplus(-30), 1e-24);
    }

    [Fact]
    public void Large_spans_give_the_same_results_on_several_threads()
    {
        var values = new float[100_003];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (i - 50_000) * 1e-4f;
        }

        var alone = new float[values.Length];
        var shared = new float[values.Length];
        using (KernelThreads.Limit(1))
        {
            new FloatMish().Run(values, 1, 1, 1, alone);
        }

        using (KernelThreads.Limit(3, workOfThread: 1))
        {
            new FloatMish().Run(values, 1, 1, 1, shared);
        }

        Assert.Equal(alone, shared);
    }

    [Fact]
    public void A_span_that_is_no_whole_number_of_channels_is_refused()
    {
        var layer = new QuantizedRelu(new QuantizationParameters(1f, 0));
        Assert.Throws<ArgumentException>(() => layer.Run(new byte[7], 1, 2, 2, new byte[8]));
        Assert.Throws<ArgumentException>(() => layer.Run(new byte[8], 1, 2, 2, new byte[7]));
        Assert.Throws<ArgumentException>(() => layer.Run([], 1, 2, 2, new byte[7]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuantizedRelu(new QuantizationParameters(1f, -3)));
    }

    private static double Normal(double x)
    {
        const int Steps = 2000;
        double width = x / Steps;
        double sum = 0;
        for (int i = 0; i <= Steps; i++)
        {
            double at = i * width;
            sum += (i == 0 || i == Steps ? 1 : i % 2 == 0 ? 2 : 4) * Math.Exp(-at * at / 2);
        }

        return 0.5 + sum * width / 3 / Math.Sqrt(2 * Math.PI);
    }
}
