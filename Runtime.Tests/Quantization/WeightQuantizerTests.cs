using System;
using System.Linq;
using Kernels.Layers;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Quantization;

public class WeightQuantizerTests
{
    [Theory]
    [InlineData(ConvolutionKind.Conv2d, 1)]
    [InlineData(ConvolutionKind.Conv2d, 2)]
    [InlineData(ConvolutionKind.ConvTranspose2d, 1)]
    [InlineData(ConvolutionKind.ConvTranspose2d, 2)]
    public void Each_output_channel_across_groups_has_the_scale_of_its_own_weights(ConvolutionKind kind, int groups)
    {
        ConvolutionSpec spec = Spec(kind, groups, WeightScheme.PerChannel);
        var random = new Random(1);
        float[] data = [.. Enumerable.Range(0, spec.WeightShape.Count).Select(_ => random.NextSingle() * 2 - 1)];

        QuantizedWeight quantized = WeightQuantizer.Quantize(new FloatWeight(spec.WeightShape, data), spec);

        Assert.True(quantized.Quantization.IsPerChannel);
        Assert.Equal(spec.OutChannels, quantized.Quantization.Count);
        for (int channel = 0; channel < spec.OutChannels; channel++)
        {
            int[] indices = [.. from i in Enumerable.Range(0, spec.InChannels / groups)
                                from y in Enumerable.Range(0, spec.KernelHeight)
                                from x in Enumerable.Range(0, spec.KernelWidth)
                                select spec.WeightIndex(channel, i, y, x)];
            float scale = indices.Max(i => MathF.Abs(data[i])) / 127.5f;
            Assert.Equal(new QuantizationParameters(scale, 0), quantized.Quantization[channel]);
            Assert.All(indices, i => Assert.Equal(Math.Clamp((int)MathF.Round(data[i] * (1 / scale)), -128, 127), quantized.Data[i]));
        }

        FloatWeight restored = WeightQuantizer.Dequantize(quantized, spec);
        Assert.All(Enumerable.Range(0, data.Length), i => Assert.InRange(restored.Data[i], data[i] - 0.0081f, data[i] + 0.0081f));
    }

    [Fact]
    public void Per_tensor_weights_have_one_scale()
    {
        ConvolutionSpec spec = Spec(ConvolutionKind.ConvTranspose2d, 1, WeightScheme.PerTensor);
        float[] data = [.. Enumerable.Range(0, spec.WeightShape.Count).Select(static i => i * 0.01f)];
        QuantizedWeight quantized = WeightQuantizer.Quantize(new FloatWeight(spec.WeightShape, data), spec);
        Assert.False(quantized.Quantization.IsPerChannel);
        Assert.Equal(data[^1] / 127.5f, quantized.Quantization[0].Scale);
        Assert.Equal(127, quantized.Data[^1]);
    }

    [Fact]
    public void Weights_of_another_shape_type_or_with_NaN_are_refused()
    {
        ConvolutionSpec spec = Spec(ConvolutionKind.Conv2d, 1, WeightScheme.PerChannel);
        var weight = new FloatWeight(spec.WeightShape, new float[spec.WeightShape.Count]);
        Assert.Throws<ArgumentException>(() => WeightQuantizer.Quantize(new FloatWeight(new Shape4(1, 1, 1, 1), [1]), spec));
        Assert.Throws<ArgumentException>(() => WeightQuantizer.Quantize(weight, spec, new MinMaxObserver()));
        float[] broken = new float[spec.WeightShape.Count];
        broken[5] = float.NaN;
        Assert.Throws<ArgumentException>(() => WeightQuantizer.Quantize(new FloatWeight(spec.WeightShape, broken), spec));
    }

    [Fact]
    public void Golden_model_weights_are_PyTorchs_codes()
    {
        foreach (GoldenCase golden in GoldenFile.Load("example_model"))
        {
            FloatWeight conv = golden.Tensor("conv1_weight").ToFloatWeight();
            ConvolutionSpec spec = Layer(ConvolutionKind.Conv2d, conv.Shape.C, conv.Shape.N, conv.Shape, WeightScheme.PerChannel);
            QuantizedWeight quantized = WeightQuantizer.Quantize(conv, spec);
            Assert.Equal(golden.Tensor("conv1_weight_quantized").ToSBytes(), quantized.Data.ToArray());
            Assert.Equal(golden.Tensor("conv1_weight_scale").ToSingles(), Enumerable.Range(0, spec.OutChannels).Select(c => quantized.Quantization[c].Scale));

            FloatWeight transposed = golden.Tensor("convt_weight").ToFloatWeight();
            spec = Layer(ConvolutionKind.ConvTranspose2d, transposed.Shape.N, transposed.Shape.C, transposed.Shape, WeightScheme.PerTensor);
            quantized = WeightQuantizer.Quantize(transposed, spec);
            Assert.Equal(golden.Tensor("convt_weight_quantized").ToSBytes(), quantized.Data.ToArray());
            Assert.Equal(golden.Float("convt_weight_scale"), quantized.Quantization[0].Scale);
        }
    }

    private static ConvolutionSpec Spec(ConvolutionKind kind, int groups, WeightScheme scheme) => new()
    {
        Kind = kind,
        InChannels = 4,
        OutChannels = 6,
        KernelHeight = 3,
        KernelWidth = 2,
        Groups = groups,
        WeightScheme = scheme,
    };

    private static ConvolutionSpec Layer(ConvolutionKind kind, int inChannels, int outChannels, Shape4 weight, WeightScheme scheme) => new()
    {
        Kind = kind,
        InChannels = inChannels,
        OutChannels = outChannels,
        KernelHeight = weight.H,
        KernelWidth = weight.W,
        WeightScheme = scheme,
    };
}
