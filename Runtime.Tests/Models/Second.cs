using System;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Tests.Models;

/// <summary>ConvTranspose2d 5 to 3, kernel 4, stride 2, padding 1, one scale for all weights, no bias.</summary>
internal sealed class Second : TestLayer, IQuantizedConvolution<Second>
{
    private Second(GenericConvolution kernel)
        : base(kernel)
    {
    }

    public static ConvolutionSpec Spec { get; } = new()
    {
        Kind = ConvolutionKind.ConvTranspose2d,
        InChannels = 5,
        OutChannels = 3,
        KernelHeight = 4,
        KernelWidth = 4,
        StrideHeight = 2,
        StrideWidth = 2,
        PaddingHeight = 1,
        PaddingWidth = 1,
        HasBias = false,
        WeightScheme = WeightScheme.PerTensor,
    };

    public static Second Create(QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output) =>
        new(new GenericConvolution(Spec, weight, bias, input, output));
}
