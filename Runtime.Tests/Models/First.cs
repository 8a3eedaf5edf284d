using System;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Tests.Models;

/// <summary>Conv2d 2 to 5, kernel 3, padding 1, leaky.</summary>
internal sealed class First : TestLayer, IQuantizedConvolution<First>
{
    private First(GenericConvolution kernel)
        : base(kernel)
    {
    }

    public static ConvolutionSpec Spec { get; } = new()
    {
        Kind = ConvolutionKind.Conv2d,
        InChannels = 2,
        OutChannels = 5,
        KernelHeight = 3,
        KernelWidth = 3,
        PaddingHeight = 1,
        PaddingWidth = 1,
        Activation = Activation.LeakyRelu,
        NegativeSlope = 0.1f,
    };

    public static First Create(QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output) =>
        new(new GenericConvolution(Spec, weight, bias, input, output));
}
