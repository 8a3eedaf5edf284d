using System.Collections.Generic;
using System.Linq;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Tests.Support;

/// <summary>The golden cases of Linear, as the 1x1 convolution that it is: rows are images of one pixel.</summary>
public static class GoldenLinear
{
    /// <summary>Loads the cases.</summary>
    public static IReadOnlyList<GoldenConvolution> Load() => [.. GoldenFile.Load("linear").Select(Read)];

    private static GoldenConvolution Read(GoldenCase golden)
    {
        float[] scales = golden.Tensor("weight_scale").ToSingles();
        bool isPerChannel = golden.Bool("per_channel");
        float[] bias = golden.HasTensor("bias") ? golden.Tensor("bias").ToSingles() : [];
        ConvolutionSpec spec = ConvolutionSpecs.Linear(
            golden.Int("in_features"),
            golden.Int("out_features"),
            bias.Length > 0,
            golden.Bool("relu") ? Activation.Relu : Activation.None) with
        {
            WeightScheme = isPerChannel ? WeightScheme.PerChannel : WeightScheme.PerTensor,
        };
        WeightQuantization quantization = isPerChannel
            ? WeightQuantization.PerChannel(scales)
            : new WeightQuantization(new QuantizationParameters(scales[0], 0));
        var weight = new QuantizedWeight(spec.WeightShape, golden.Tensor("weight").ToSBytes(), quantization);
        var shape = new Shape4(golden.Tensor("input").Shape[0], spec.InChannels, 1, 1);
        var input = new QuantizedTensor(shape, new QuantizationParameters(golden.Float("input_scale"), golden.Int("input_zero_point")), golden.Tensor("input").ToBytes());
        var output = new QuantizationParameters(golden.Float("output_scale"), golden.Int("output_zero_point"));
        return new GoldenConvolution(golden.ToString(), new ConvolutionCase(spec, weight, bias, input, output), golden.Tensor("output").ToBytes());
    }
}
