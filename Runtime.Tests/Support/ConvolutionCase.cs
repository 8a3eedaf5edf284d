using System;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Tests.Support;

/// <summary>A convolution with weights, an input and quantization parameters: one point of the attribute space.</summary>
public sealed record ConvolutionCase(
    ConvolutionSpec Spec,
    QuantizedWeight Weight,
    float[] Bias,
    QuantizedTensor Input,
    QuantizationParameters Output)
{
    /// <summary>
    /// A case drawn from a seed: both kinds, unequal axes, kernels shorter than strides, padding beyond the kernel, groups, depthwise
    /// with and without multiplier, weight zero points, every activation. Always has at least one output pixel.
    /// </summary>
    public static ConvolutionCase FromSeed(int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            ConvolutionSpec spec = RandomSpec(random);
            var from = new Shape4(random.Next(1, 3), spec.InChannels, random.Next(1, 9), random.Next(1, 21));
            if (spec.OutputHeight(from.H) >= 1 && spec.OutputWidth(from.W) >= 1)
            {
                return Fill(spec, from, random);
            }
        }
    }

    /// <summary>Random weights, bias, codes and scales for a layer; outputs use the whole range of codes and saturate at times.</summary>
    public static ConvolutionCase Fill(ConvolutionSpec spec, Shape4 from, Random random)
    {
        var weights = new sbyte[spec.WeightShape.Count];
        bool isExtreme = random.Next(8) == 0;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (sbyte)(isExtreme ? random.Next(2) * 255 - 128 : random.Next(-128, 128));
        }

        var input = new QuantizedTensor(from, new QuantizationParameters(0.01f + random.NextSingle(), random.Next(256)));
        random.NextBytes(input.Data);
        if (isExtreme)
        {
            foreach (ref byte code in input.Data)
            {
                code = (byte)(code < 128 ? 0 : 255);
            }
        }

        var scales = new float[spec.OutChannels];
        var zeroPoints = new int[spec.OutChannels];
        bool hasZeroPoints = random.Next(3) == 0;
        for (int i = 0; i < scales.Length; i++)
        {
            scales[i] = 0.001f + random.NextSingle() * 0.01f;
            zeroPoints[i] = hasZeroPoints ? random.Next(-128, 128) : 0;
        }

        WeightQuantization quantization = spec.WeightScheme == WeightScheme.PerChannel
            ? WeightQuantization.PerChannel(scales, zeroPoints)
            : new WeightQuantization(new QuantizationParameters(scales[0], zeroPoints[0]));

        double terms = spec.InChannels / spec.Groups * spec.KernelHeight * spec.KernelWidth;
        float typical = (float)(input.Quantization.Scale * scales[0] * Math.Sqrt(terms) * 100 * 74);
        var bias = new float[spec.HasBias ? spec.OutChannels : 0];
        for (int i = 0; i < bias.Length; i++)
        {
            bias[i] = (random.NextSingle() - 0.5f) * typical;
        }

        var output = new QuantizationParameters(typical / 40 * (0.5f + random.NextSingle()), random.Next(256));
        return new ConvolutionCase(spec, new QuantizedWeight(spec.WeightShape, weights, quantization), bias, input, output);
    }

    /// <summary>The case by the plain formula.</summary>
    public QuantizedTensor Expected() => PlainConvolution.Forward(Spec, Weight, Bias, Input, Output);

    public override string ToString() =>
        $"{Spec}, input {Input.Shape} {Input.Quantization}, output {Output}, weight {Weight.Quantization.Count} x {Weight.Quantization[0]}";

    private static ConvolutionSpec RandomSpec(Random random)
    {
        int groups = random.Next(3) == 0 ? random.Next(2, 20) : 1;
        bool isDepthwise = groups > 1 && random.Next(2) == 0;
        bool isTransposed = random.Next(2) == 0;
        int strideHeight = random.Next(1, 4);
        int strideWidth = random.Next(1, 6);
        int dilationHeight = random.Next(3) == 0 ? random.Next(1, 4) : 1;
        int dilationWidth = random.Next(3) == 0 ? random.Next(1, 4) : 1;
        return new ConvolutionSpec
        {
            Kind = isTransposed ? ConvolutionKind.ConvTranspose2d : ConvolutionKind.Conv2d,
            InChannels = groups * (isDepthwise ? 1 : random.Next(1, groups > 1 ? 6 : 40)),
            OutChannels = groups * (isDepthwise ? random.Next(1, 3) : random.Next(1, groups > 1 ? 6 : 70)),
            KernelHeight = random.Next(1, 5),
            KernelWidth = random.Next(1, 6),
            StrideHeight = strideHeight,
            StrideWidth = strideWidth,
            PaddingHeight = random.Next(0, 4),
            PaddingWidth = random.Next(0, 5),
            OutputPaddingHeight = isTransposed ? random.Next(0, Math.Max(strideHeight, dilationHeight)) : 0,
            OutputPaddingWidth = isTransposed ? random.Next(0, Math.Max(strideWidth, dilationWidth)) : 0,
            DilationHeight = dilationHeight,
            DilationWidth = dilationWidth,
            Groups = groups,
            HasBias = random.Next(4) != 0,
            Activation = (Activation)random.Next(4),
            NegativeSlope = random.NextSingle() * 0.4f,
            WeightScheme = (WeightScheme)random.Next(2),
        };
    }
}
