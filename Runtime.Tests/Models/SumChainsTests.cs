using System;
using System.Linq;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Models.Running;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Models;

public class SumChainsTests
{
    private static readonly QuantizationParameters Codes = new(0.02f, 100);

    [Theory]
    [InlineData(24, 9, 7)]
    [InlineData(3, 40, 61)]
    [InlineData(96, 20, 20)]
    [InlineData(1, 5, 5)]
    public void Gated_sums_and_sums_with_upsampled_images_have_the_codes_of_two_steps(int channels, int height, int width) =>
        JoinedNetworks.AssertEqualSingleSteps(channels, height, width, Network);

    [Fact]
    public void A_sum_takes_in_what_it_alone_reads()
    {
        var upsample = new Step("up", new QuantizedOperator(new QuantizedUpsample(UpsampleSpec.ByFactor(UpsampleMode.Nearest, 2), Codes)), [1], 3);
        var gate = new Step("gate", new BinaryOperator<byte>(new QuantizedMul(Codes, Codes, Codes)), [2, 1], 4);
        var one = new Step("one", new BinaryOperator<byte>(new QuantizedAdd(Codes, Codes, Codes)), [3, 2], 5);
        var two = new Step("two", new BinaryOperator<byte>(new QuantizedAdd(Codes, Codes, Codes)), [5, 4], 6);

        Assert.Equal(["up and one", "gate and two"], SumChains.Join([upsample, gate, one, two], 0, 6).Select(step => step.Name));
        Assert.Equal([[2, 1], [5, 2, 1]], SumChains.Join([upsample, gate, one, two], 0, 6).Select(step => step.Inputs));
        Assert.Equal(["up", "gate", "one", "two"], SumChains.Join([upsample, gate, one with { Inputs = [3, 3] }, two with { Inputs = [4, 4] }], 0, 6).Select(step => step.Name));
        Assert.Equal(["up", "one", "gate and two"], SumChains.Join([upsample, one, gate, two], 0, 3).Select(step => step.Name).Take(3));
    }

    // A gate or a smaller image, in every order of operands, added to an image, to one pixel, or to what it gates.
    private static FloatModel Network(Shape4 shape, Random random)
    {
        var builder = new ModelBuilder(shape.C);
        Value x = builder.Add("x", Modules.Hardswish(), builder.Input);
        Value pixel = builder.Add("pixel", Modules.GlobalAvgPool2d(), x);
        Value other = random.Next(3) switch
        {
            0 => builder.Add("other", Modules.Sigmoid(), x),
            1 => x,
            _ => builder.Add("spread", Modules.Tanh(), pixel),
        };
        Value made = random.Next(2) == 0
            ? random.Next(2) == 0 ? builder.Add("mul", Modules.Mul(random.Next(2) == 0), x, pixel) : builder.Add("mul", Modules.Mul(), pixel, x)
            : builder.Add("up", Modules.Upsample(UpsampleSpec.ToSize(UpsampleMode.Nearest, shape.H, shape.W)), builder.Add("small", Modules.MaxPool2d(new PoolingSpec(2)), x));
        bool relu = random.Next(2) == 0;
        Value sum = random.Next(2) == 0 ? builder.Add("sum", Modules.Add(relu), other, made) : builder.Add("sum", Modules.Add(relu), made, other);
        return builder.Build(builder.Add("all", Modules.Mul(), sum, pixel));
    }
}
