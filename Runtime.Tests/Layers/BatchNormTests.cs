using System;
using FsCheck.Xunit;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Layers;

public class BatchNormTests
{
    [Property]
    public void A_folded_batch_norm_computes_what_it_did_behind_the_convolution(int seed)
    {
        var random = new Random(seed);
        var one = ConvolutionCase.FromSeed(seed);
        ConvolutionSpec spec = one.Spec with { Activation = Activation.None };
        var weight = new FloatWeight(spec.WeightShape, Values(random, spec.WeightShape.Count, -1, 1));
        float[] bias = spec.HasBias ? Values(random, spec.OutChannels, -1, 1) : [];
        BatchNormParameters norm = Random(random, spec.OutChannels);
        var x = new FloatTensor(one.Input.Shape, Values(random, one.Input.Shape.Count, -1, 1));

        FloatTensor expected = new FloatBatchNorm2d(norm).Forward(new FloatConvolution(spec, weight, bias).Forward(x));
        FusedConvolution fused = LayerFusion.FoldBatchNorm(spec, weight, bias, norm);
        FloatTensor actual = new FloatConvolution(fused.Spec, fused.Weight, fused.Bias).Forward(x);
        for (int i = 0; i < expected.Data.Length; i++)
        {
            Assert.True(Math.Abs(expected.Data[i] - actual.Data[i]) <= 2e-4f * (1 + Math.Abs(expected.Data[i])), $"{expected.Data[i]} {actual.Data[i]} {spec}");
        }
    }

    [Property]
    public void Int8_batch_norm_is_within_half_a_step_of_float(int seed)
    {
        var random = new Random(seed);
        int channels = random.Next(1, 700);
        BatchNormParameters norm = Random(random, channels);
        var output = new QuantizationParameters(0.02f, random.Next(256));
        var x = new QuantizedTensor(new Shape4(2, channels, 3, random.Next(1, 5)), new QuantizationParameters(0.03f, random.Next(256)));
        random.NextBytes(x.Data);
        QuantizedTensor y = new QuantizedBatchNorm2d(norm, x.Quantization, output).Forward(x);
        FloatTensor twin = new FloatBatchNorm2d(norm).Forward(Quantizer.Dequantize(x));
        foreach (LaneTier tier in Enum.GetValues<LaneTier>())
        {
            Assert.Equal(y.Data, new QuantizedBatchNorm2d(norm, x.Quantization, output, tier).Forward(x).Data);
        }

        for (int i = 0; i < twin.Data.Length; i++)
        {
            int c = i % channels;
            double real = (x.Data[i] - x.Quantization.ZeroPoint) * (double)x.Quantization.Scale;
            double normal = (real - norm.Mean[c]) / Math.Sqrt(norm.Variance[c] + norm.Epsilon) * norm.Weight[c] + norm.Bias[c];
            Assert.Equal(normal, twin.Data[i], 1e-4);
            Assert.True(Math.Abs(Math.Clamp(normal / output.Scale + output.ZeroPoint, 0, 255) - y.Data[i]) < 0.505);
        }
    }

    [Fact]
    public void A_batch_norm_without_weight_and_bias_only_normalizes()
    {
        var norm = new BatchNormParameters([2f], [4f - 1e-5f]);
        Assert.Equal([-1f, 0.5f], new FloatBatchNorm2d(norm).Forward(new FloatTensor(new Shape4(1, 1, 1, 2), [0f, 3f])).ToNchw());
    }

    [Fact]
    public void An_activation_is_fused_once_and_stops_folding()
    {
        ConvolutionSpec spec = ConvolutionSpecs.Conv1d(1, 1, 1, hasBias: false);
        ConvolutionSpec fused = LayerFusion.FuseActivation(spec, Activation.LeakyRelu, 0.3f);
        var weight = new FloatWeight(spec.WeightShape, [1f]);

        Assert.Equal([-0.3f, 2f], new FloatConvolution(fused, weight, []).Forward(new FloatTensor(new Shape4(1, 1, 1, 2), [-1f, 2f])).ToNchw());
        Assert.Throws<ArgumentException>(() => LayerFusion.FuseActivation(fused, Activation.Relu));
        Assert.Throws<ArgumentException>(() => LayerFusion.FoldBatchNorm(fused, weight, [], new BatchNormParameters([0f], [1f])));
        Assert.Throws<ArgumentException>(() => LayerFusion.FoldBatchNorm(spec, weight, [], new BatchNormParameters([0f, 0f], [1f, 1f])));
        Assert.Throws<ArgumentException>(() => new BatchNormParameters([0f], [1f, 1f]));
        Assert.Throws<ArgumentException>(() => new BatchNormParameters([0f], [-1f]));
        Assert.Throws<ArgumentException>(() => new FloatBatchNorm2d(new BatchNormParameters([0f], [1f])).Forward(new FloatTensor(new Shape4(1, 2, 1, 1))));
    }

    [Fact]
    public void Stubs_go_to_int8_and_back()
    {
        var quantization = new QuantizationParameters(0.5f, 100);
        var x = new FloatTensor(new Shape4(1, 2, 1, 2), [1f, -2f, 0.25f, 1000f]);
        QuantizedTensor codes = new Quantize(quantization).Forward(x);

        Assert.Equal([102, 96, 100, 255], codes.Data.ToArray());
        Assert.Equal([1f, -2f, 0f, 77.5f], new DeQuantize().Forward(codes).Data.ToArray());
    }

    private static BatchNormParameters Random(Random random, int channels) => new(
        Values(random, channels, -1, 1),
        Values(random, channels, 0.1f, 2),
        Values(random, channels, -1, 1),
        Values(random, channels, -1, 1));

    private static float[] Values(Random random, int count, float low, float high)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = low + random.NextSingle() * (high - low);
        }

        return values;
    }
}
