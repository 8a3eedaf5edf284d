using System;
using Kernels.Layers;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Quantization;

public class RequantizerTests
{
    private static readonly QuantizationParameters Input = new(0.5f, 10);

    [Theory]
    [InlineData(1, 10)]   // 0.5 rounds to the even 0
    [InlineData(3, 12)]   // 1.5 rounds to the even 2
    [InlineData(-1, 10)]
    [InlineData(-3, 8)]
    [InlineData(-1000, 0)]
    [InlineData(1000, 255)]
    [InlineData(int.MinValue, 0)]
    [InlineData(int.MaxValue, 255)]
    public void Halves_round_to_even_and_codes_saturate(int accumulator, byte expected)
    {
        Assert.Equal(expected, Create(Activation.None, new QuantizationParameters(1f, 10)).Apply(accumulator, 0));
    }

    [Theory]
    [InlineData(Activation.Relu, -3, 10)]
    [InlineData(Activation.Relu, 300, 160)]
    [InlineData(Activation.Relu6, -3, 10)]
    [InlineData(Activation.Relu6, 300, 16)]
    [InlineData(Activation.LeakyRelu, -16, 8)]
    [InlineData(Activation.LeakyRelu, 300, 160)]
    public void The_activation_acts_around_the_zero_point(Activation activation, int accumulator, byte expected)
    {
        Assert.Equal(expected, Create(activation, new QuantizationParameters(1f, 10)).Apply(accumulator, 0));
    }

    [Fact]
    public void Constants_are_those_of_the_formula()
    {
        ConvolutionSpec spec = Spec(Activation.None) with { OutChannels = 2, HasBias = true };
        var requantizer = Requantizer.Create(spec, WeightQuantization.PerChannel([0.1f, 0.3f]), [7f, -2f], new(0.7f, 3), new(0.9f, 200));

        Assert.Equal([7f / (0.7f * 0.1f), -2f / (0.7f * 0.3f)], requantizer.Bias.ToArray());
        Assert.Equal([0.7f * 0.1f / 0.9f, 0.7f * 0.3f / 0.9f], requantizer.Multiplier.ToArray());
        Assert.Equal((200, -200f, 55f, 1f), (requantizer.ZeroPoint, requantizer.Lower, requantizer.Upper, requantizer.NegativeSlope));
    }

    [Fact]
    public void Every_bias_gives_the_code_of_the_plain_formula()
    {
        var output = new QuantizationParameters(0.037f, 81);
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            ConvolutionSpec spec = Spec(activation) with { HasBias = true };
            var weight = new WeightQuantization(new QuantizationParameters(0.0123f, 0));
            for (int step = -4000; step <= 4000; step++)
            {
                float bias = 0.4f + step / 256f;
                var one = Requantizer.Create(spec, weight, [bias], Input, output);
                var x = new QuantizedTensor(new Shape4(1, 1, 1, 1), Input, [(byte)Input.ZeroPoint]);
                QuantizedTensor y = PlainConvolution.Forward(spec, new QuantizedWeight(spec.WeightShape, [1], weight), [bias], x, output);

                Assert.Equal(y.Data[0], one.Apply(0, 0));
            }
        }
    }

    [Fact]
    public void Bias_and_scales_must_fit_the_layer()
    {
        var weight = new WeightQuantization(new QuantizationParameters(1f, 0));
        Assert.Throws<ArgumentException>(() => Requantizer.Create(Spec(Activation.None), weight, [1f], Input, Input));
        Assert.Throws<ArgumentException>(() => Requantizer.Create(Spec(Activation.None) with { HasBias = true }, weight, [], Input, Input));
        Assert.Throws<ArgumentException>(() => Requantizer.Create(Spec(Activation.None), WeightQuantization.PerChannel([1f, 1f]), [], Input, Input));
        Assert.Throws<ArgumentException>(() => Requantizer.Create(Spec(Activation.None), weight, [], Input, new QuantizationParameters(1f, -1)));
        Assert.Throws<ArgumentException>(() => Requantizer.Create(Spec(Activation.None) with { HasBias = true }, weight, [float.NaN], Input, Input));
    }

    private static Requantizer Create(Activation activation, QuantizationParameters output) =>
        Requantizer.Create(Spec(activation), new WeightQuantization(new QuantizationParameters(1f, 0)), [], Input, output);

    private static ConvolutionSpec Spec(Activation activation) => new()
    {
        Kind = ConvolutionKind.Conv2d,
        InChannels = 1,
        OutChannels = 1,
        KernelHeight = 1,
        KernelWidth = 1,
        HasBias = false,
        Activation = activation,
        NegativeSlope = 0.25f,
    };
}
