using System.Collections.Generic;
using System.Linq;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Tests.Support;

/// <summary>The golden cases of both convolutions: what the layer is, what it is given, and what PyTorch answered.</summary>
public sealed record GoldenConvolution(string Name, ConvolutionCase Case, byte[] ExpectedNchw)
{
    /// <summary>Loads the cases of one kind from conv2d or conv_transpose2d.</summary>
    public static IReadOnlyList<GoldenConvolution> Load(ConvolutionKind kind)
    {
        string file = kind == ConvolutionKind.Conv2d ? "conv2d" : "conv_transpose2d";
        return [.. GoldenFile.Load(file).Select(golden => Read(kind, golden))];
    }

    private static GoldenConvolution Read(ConvolutionKind kind, GoldenCase golden)
    {
        bool isTransposed = kind == ConvolutionKind.ConvTranspose2d;
        int[] kernel = golden.Ints("kernel");
        int[] stride = golden.Ints("stride");
        int[] padding = golden.Ints("padding");
        int[] dilation = golden.Ints("dilation");
        int[] outputPadding = isTransposed ? golden.Ints("output_padding") : [0, 0];
        float[] bias = golden.HasTensor("bias") ? golden.Tensor("bias").ToSingles() : [];
        WeightQuantization weightQuantization = ReadWeightQuantization(golden);
        var spec = new ConvolutionSpec
        {
            Kind = kind,
            InChannels = golden.Int("in_channels"),
            OutChannels = golden.Int("out_channels"),
            KernelHeight = kernel[0],
            KernelWidth = kernel[1],
            StrideHeight = stride[0],
            StrideWidth = stride[1],
            PaddingHeight = padding[0],
            PaddingWidth = padding[1],
            OutputPaddingHeight = outputPadding[0],
            OutputPaddingWidth = outputPadding[1],
            DilationHeight = dilation[0],
            DilationWidth = dilation[1],
            Groups = golden.Int("groups"),
            HasBias = bias.Length > 0,
            Activation = golden.Has("relu") && golden.Bool("relu") ? Activation.Relu : Activation.None,
            WeightScheme = weightQuantization.IsPerChannel ? WeightScheme.PerChannel : WeightScheme.PerTensor,
        };

        IReadOnlyList<int> shape = golden.Tensor("input").Shape;
        var input = QuantizedTensor.FromNchw(
            new Shape4(shape[0], shape[1], shape[2], shape[3]),
            new QuantizationParameters(golden.Float("input_scale"), golden.Int("input_zero_point")),
            golden.Tensor("input").ToBytes());
        var weight = new QuantizedWeight(spec.WeightShape, golden.Tensor("weight").ToSBytes(), weightQuantization);
        var output = new QuantizationParameters(golden.Float("output_scale"), golden.Int("output_zero_point"));
        return new GoldenConvolution(golden.ToString(), new ConvolutionCase(spec, weight, bias, input, output), golden.Tensor("output").ToBytes());
    }

    /// <summary>Scales are a tensor, one or one a channel, or a number; zero points likewise, 0 when absent.</summary>
    private static WeightQuantization ReadWeightQuantization(GoldenCase golden)
    {
        int zeroPoint = golden.Has("weight_zero_point") ? golden.Int("weight_zero_point") : 0;
        if (!golden.HasTensor("weight_scale"))
        {
            return new WeightQuantization(new QuantizationParameters(golden.Float("weight_scale"), zeroPoint));
        }

        float[] scales = golden.Tensor("weight_scale").ToSingles();
        int[] zeroPoints = golden.HasTensor("weight_zero_point") ? golden.Tensor("weight_zero_point").ToInt32s() : [.. scales.Select(_ => zeroPoint)];
        bool isPerChannel = golden.Has("per_channel") ? golden.Bool("per_channel") : scales.Length > 1;
        return isPerChannel
            ? WeightQuantization.PerChannel(scales, zeroPoints)
            : new WeightQuantization(new QuantizationParameters(scales[0], zeroPoints[0]));
    }
}
