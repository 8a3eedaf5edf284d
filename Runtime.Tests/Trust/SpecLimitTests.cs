using System;
using System.Diagnostics;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Trust;

/// <summary>Every number of a spec is checked where the spec is made; sizes that follow from them are computed without wrapping.</summary>
public class SpecLimitTests
{
    private static readonly ConvolutionSpec One = new() { Kind = ConvolutionKind.Conv2d, InChannels = 1, OutChannels = 1, KernelHeight = 1, KernelWidth = 1, HasBias = false };

    private static readonly QuantizationParameters Q = new(0.5f, 3);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(4097)]
    [InlineData(1431655766)]
    [InlineData(int.MaxValue)]
    public void Kernel_stride_and_dilation_are_1_to_4096(int value)
    {
        Refused("KernelWidth", value, () => One with { KernelWidth = value });
        Refused("StrideHeight", value, () => One with { StrideHeight = value });
        Refused("StrideWidth", value, () => One with { StrideWidth = value });
        Refused("DilationHeight", value, () => One with { DilationHeight = value });
        Refused("DilationWidth", value, () => One with { DilationWidth = value });
    }

    [Fact]
    public void Other_numbers_have_limits_too()
    {
        Refused("InChannels", 0, () => One with { InChannels = 0 });
        Refused("OutChannels", int.MaxValue, () => One with { OutChannels = int.MaxValue });
        Refused("Groups", 0, () => One with { Groups = 0 });
        Refused("PaddingWidth", -1, () => One with { PaddingWidth = -1 });
        Refused("PaddingHeight", int.MaxValue, () => One with { PaddingHeight = int.MaxValue });
        Refused("PaddingHeight", 65536, () => Layer(One with { PaddingHeight = 65536 }));
        Refused("OutputPaddingWidth", int.MaxValue, () => One with { OutputPaddingWidth = int.MaxValue });
        Refused("InputHeight", -3, () => One with { InputHeight = -3 });
        Assert.Contains("NegativeSlope", Assert.Throws<ArgumentException>(() => One with { NegativeSlope = float.NaN }).Message, StringComparison.Ordinal);
        Assert.Contains("Activation", Assert.Throws<ArgumentException>(() => One with { Activation = (Activation)17 }).Message, StringComparison.Ordinal);
        Assert.Contains("Kind", Assert.Throws<ArgumentException>(() => One with { Kind = (ConvolutionKind)2 }).Message, StringComparison.Ordinal);
        Assert.Contains("65536", Assert.Throws<ArgumentException>(() => Layer(One with { KernelHeight = 257, KernelWidth = 257 })).Message, StringComparison.Ordinal);
        Assert.Contains("phases", Assert.Throws<ArgumentException>(() => Layer(One with { Kind = ConvolutionKind.ConvTranspose2d, StrideHeight = 257, StrideWidth = 257 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_size_beyond_int_is_refused()
    {
        ConvolutionSpec spec = One with { Kind = ConvolutionKind.ConvTranspose2d, KernelHeight = 256, StrideHeight = 256 };
        var input = new Shape4(1, 1, 16_777_217, 1);

        Assert.Contains("too large", Assert.Throws<ArgumentException>(() => spec.OutputShape(input)).Message, StringComparison.Ordinal);
        Assert.Equal(int.MaxValue, spec.OutputHeight(input.H));
        Assert.Throws<ArgumentException>(() => Layer(spec).Run(new byte[input.H], 1, input.H, 1, new byte[256]));
    }

    [Fact]
    public void Staging_out_of_proportion_to_the_image_is_refused()
    {
        ConvolutionSpec spec = One with { InChannels = 4096, OutChannels = 4096, Groups = 4096, PaddingWidth = 65_535, StrideWidth = 4096 };

        Assert.Contains("columns and 4096 channels", Assert.Throws<ArgumentException>(() => spec.OutputShape(new Shape4(1, 4096, 8, 8))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ConvolutionKind.Conv2d, 2, 1, 4096, 4095, 0)]
    [InlineData(ConvolutionKind.Conv2d, 3, 4096, 1, 65_535, 0)]
    [InlineData(ConvolutionKind.Conv2d, 1, 1, 1, 9_000, 0)]
    [InlineData(ConvolutionKind.Conv2d, 4096, 7, 3, 6_200, 0)]
    [InlineData(ConvolutionKind.ConvTranspose2d, 3, 4096, 1, 0, 4095)]
    [InlineData(ConvolutionKind.ConvTranspose2d, 3, 1, 4096, 4000, 77)]
    [InlineData(ConvolutionKind.ConvTranspose2d, 5, 4096, 4095, 9_000, 4095)]
    public void Numbers_at_their_limits_compute_what_the_formula_says(ConvolutionKind kind, int kernel, int stride, int dilation, int padding, int outputPadding)
    {
        ConvolutionSpec spec = One with { Kind = kind, OutChannels = 3, KernelWidth = kernel, StrideWidth = stride, DilationWidth = dilation, PaddingWidth = padding, OutputPaddingWidth = outputPadding };
        foreach (ConvolutionSpec turned in (ConvolutionSpec[])[spec, spec with
        {
            KernelHeight = kernel, StrideHeight = stride, DilationHeight = dilation, PaddingHeight = padding, OutputPaddingHeight = outputPadding,
            KernelWidth = 1, StrideWidth = 1, DilationWidth = 1, PaddingWidth = 0, OutputPaddingWidth = 0,
        }])
        {
            var item = ConvolutionCase.Fill(turned, new Shape4(1, 1, 5, 4), new Random(1));
            var layer = new GenericConvolution(turned, item.Weight, item.Bias, item.Input.Quantization, item.Output);

            Assert.True(item.Expected().Data.SequenceEqual(layer.Forward(item.Input).Data));
        }
    }

    [Fact]
    public void Windows_larger_than_any_image_take_no_time()
    {
        var watch = Stopwatch.StartNew();
        var input = new QuantizedTensor(new Shape4(1, 2, 8, 8), Q);
        input[0, 1, 7, 7] = 9;
        var window = new PoolingSpec(1_000_000_000, stride: int.MaxValue) with { PaddingHeight = 500_000_000, PaddingWidth = 500_000_000 };

        Assert.Equal([0, 9], new QuantizedMaxPool2d(window, Q).Forward(input).ToNchw());
        Assert.Equal([3], new QuantizedAvgPool2d(window with { CountIncludePad = false }, Q).Forward(new QuantizedTensor(new Shape4(1, 1, 8, 8), Q, Filled(64, 3))).ToNchw());
        Assert.Equal([3], new QuantizedAvgPool2d(window, Q).Forward(new QuantizedTensor(new Shape4(1, 1, 8, 8), Q, Filled(64, 200))).ToNchw());
        Assert.True(watch.ElapsedMilliseconds < 10_000, $"{watch.ElapsedMilliseconds} ms");
    }

    [Fact]
    public void Pooling_numbers_are_checked_and_do_not_wrap()
    {
        Refused("Kernel", 0, () => new PoolingSpec(0));
        Refused("StrideWidth", -2, () => new PoolingSpec(2) with { StrideWidth = -2 });
        var dilated = new PoolingSpec(2, stride: 1) with { DilationWidth = int.MaxValue };
        Assert.Throws<ArgumentException>(() => new FloatMaxPool2d(dilated).OutputShape(new Shape4(1, 1, 8, 8)));
        Assert.Throws<ArgumentException>(() => new FloatMaxPool2d(new PoolingSpec(3, 1, padding: 2)));
        var ceiling = new PoolingSpec(2, stride: int.MaxValue) with { CeilMode = true };
        Assert.Equal(new Shape4(1, 1, 1, 1), new FloatMaxPool2d(ceiling).OutputShape(new Shape4(1, 1, 8, 8)));
    }

    [Fact]
    public void Padding_does_not_wrap()
    {
        Assert.Throws<ArgumentException>(() => PadSpec.All(int.MaxValue).OutputShape(new Shape4(1, 1, 8, 8)));
        Assert.Throws<ArgumentException>(() => new PadSpec(int.MaxValue, int.MaxValue, 0, 0).OutputShape(new Shape4(1, 1, 8, 8)));
        Assert.Throws<ArgumentException>(() => new PadSpec(0, 0, 0, 0, (PadMode)9));
        Assert.Throws<ArgumentException>(() => UpsampleSpec.ToSize((UpsampleMode)9, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => UpsampleSpec.ByFactor(UpsampleMode.Nearest, 4097));
        Assert.Throws<ArgumentException>(() => UpsampleSpec.ByFactor(UpsampleMode.Nearest, 4096).OutputShape(new Shape4(1, 1, 16, 16)));
    }

    private static void Refused(string name, int value, Func<object> make)
    {
        string message = Assert.ThrowsAny<ArgumentException>(make).Message;
        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains(value.ToString(System.Globalization.CultureInfo.InvariantCulture), message, StringComparison.Ordinal);
    }

    private static GenericConvolution Layer(ConvolutionSpec spec) =>
        new(spec, new QuantizedWeight(spec.WeightShape, new sbyte[spec.WeightShape.Count], new WeightQuantization(Q)), [], Q, Q);

    private static byte[] Filled(int count, byte value)
    {
        var codes = new byte[count];
        codes.AsSpan().Fill(value);
        return codes;
    }
}
