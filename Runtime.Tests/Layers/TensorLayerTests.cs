using System;
using Kernels.Layers;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Layers;

/// <summary>Permutations, constants and powers.</summary>
public sealed class TensorLayerTests
{
    private static readonly QuantizationParameters Q = new(0.1f, 100);

    [Theory]
    [InlineData(0, 1, 2, 3)]
    [InlineData(0, 2, 3, 1)]
    [InlineData(0, 3, 1, 2)]
    [InlineData(1, 0, 3, 2)]
    [InlineData(3, 2, 1, 0)]
    [InlineData(2, 1, 0, 3)]
    public void Permute_takes_each_axis_from_the_one_it_names(int batch, int channels, int height, int width)
    {
        FloatTensor x = Numbered(new Shape4(2, 3, 4, 5));
        var spec = new PermuteSpec(batch, channels, height, width);
        FloatTensor y = new FloatPermute(spec).Forward(x);
        int[] sizes = [2, 3, 4, 5];
        Assert.Equal(new Shape4(sizes[batch], sizes[channels], sizes[height], sizes[width]), y.Shape);
        var place = new int[4];
        for (place[0] = 0; place[0] < 2; place[0]++)
        {
            for (place[1] = 0; place[1] < 3; place[1]++)
            {
                for (place[2] = 0; place[2] < 4; place[2]++)
                {
                    for (place[3] = 0; place[3] < 5; place[3]++)
                    {
                        Assert.Equal(x[place[0], place[1], place[2], place[3]], y[place[batch], place[channels], place[height], place[width]]);
                    }
                }
            }
        }

        QuantizedTensor codes = Quantizer.Quantize(x, Q);
        Assert.Equal(Quantizer.Quantize(y, Q).ToNchw(), new QuantizedPermute(spec, Q).Forward(codes).ToNchw());
    }

    [Fact]
    public void Permute_refuses_an_axis_named_twice() => Assert.Throws<ArgumentException>(() => new FloatPermute(new PermuteSpec(0, 1, 1, 3)));

    [Fact]
    public void A_constant_is_the_same_for_every_input()
    {
        FloatTensor value = Numbered(new Shape4(1, 2, 1, 3));
        Assert.Equal(value.ToNchw(), new FloatConstant(value).Forward(Numbered(new Shape4(2, 5, 1, 1))).ToNchw());
        QuantizedTensor codes = new QuantizedConstant(value, new QuantizationParameters(1f, 0), Q).Forward(new QuantizedTensor(new Shape4(1, 1, 1, 1), new QuantizationParameters(1f, 0)));
        Assert.Equal(Quantizer.Quantize(value, Q).ToNchw(), codes.ToNchw());
        Assert.Throws<ArgumentException>(() => new FloatConstant(new FloatTensor(new Shape4(1, 1, 1, 1), [float.NaN])));
    }

    [Theory]
    [InlineData(0.5f)]
    [InlineData(3f)]
    [InlineData(-0.5f)]
    public void Pow_is_the_power_of_every_element(float exponent)
    {
        FloatTensor x = Numbered(new Shape4(1, 3, 3, 3));
        float[] y = new FloatPow(exponent).Forward(x).ToNchw();
        float[] from = x.ToNchw();
        for (int i = 0; i < y.Length; i++)
        {
            Assert.Equal(Math.Pow(from[i], exponent), y[i], 1e-5 * Math.Abs(Math.Pow(from[i], exponent)));
        }
    }

    private static FloatTensor Numbered(Shape4 shape)
    {
        var values = new float[shape.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = 0.1f * (i + 1);
        }

        return FloatTensor.FromNchw(shape, values);
    }
}
