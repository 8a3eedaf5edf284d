using System;
using Kernels.Layers;
using Kernels.Quantization;
using Kernels.Tests.Support;

namespace Kernels.Tests.Models;

/// <summary>A layer as a generated class offers it, computed by the oracle.</summary>
internal abstract class PlainLayer(ConvolutionSpec spec, QuantizedWeight weight, float[] bias, QuantizationParameters input, QuantizationParameters output) : IQuantizedLayer
{
    public QuantizationParameters InputQuantization => input;

    public QuantizationParameters OutputQuantization => output;

    public Shape4 OutputShape(Shape4 shape) => spec.OutputShape(shape);

    public void Run(ReadOnlySpan<byte> codes, int batch, int height, int width, Span<byte> target)
    {
        var shape = new Shape4(batch, spec.InChannels, height, width);
        var tensor = new QuantizedTensor(shape, input, codes[..shape.Count].ToArray());
        PlainConvolution.Forward(spec, weight, bias, tensor, output).Data.CopyTo(target);
    }
}

/// <summary>Conv2d 2 to 5, kernel 3, padding 1, leaky.</summary>
internal sealed class First(QuantizedWeight weight, float[] bias, QuantizationParameters input, QuantizationParameters output)
    : PlainLayer(Spec, weight, bias, input, output), IQuantizedConvolution<First>
{
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
        new(weight, bias.ToArray(), input, output);
}

/// <summary>ConvTranspose2d 5 to 3, kernel 4, stride 2, padding 1, one scale for all weights, no bias.</summary>
internal sealed class Second(QuantizedWeight weight, float[] bias, QuantizationParameters input, QuantizationParameters output)
    : PlainLayer(Spec, weight, bias, input, output), IQuantizedConvolution<Second>
{
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
        new(weight, bias.ToArray(), input, output);
}
