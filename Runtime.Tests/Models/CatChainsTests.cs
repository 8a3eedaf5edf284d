using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Models.Running;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Models;

public class CatChainsTests
{
    private static readonly QuantizationParameters Codes = new(0.02f, 100);

    [Theory]
    [InlineData(24, 12, 8)]
    [InlineData(3, 40, 61)]
    [InlineData(17, 20, 20)]
    [InlineData(1, 5, 5)]
    [InlineData(300, 4, 3)]
    [InlineData(9, 1, 1)]
    public void Concatenations_of_upsampled_images_have_the_codes_of_single_steps(int channels, int height, int width) =>
        JoinedNetworks.AssertEqualSingleSteps(channels, height, width, Network);

    [Fact]
    public void A_concatenation_of_channels_takes_in_what_it_alone_reads()
    {
        QuantizedOperator Up(UpsampleMode mode) => new(new QuantizedUpsample(UpsampleSpec.ByFactor(mode, 2), Codes));
        QuantizedCatOperator Cat(int axis) => new(new QuantizedCat(axis, [Codes, Codes, Codes], Codes));
        var up = new Step("up", Up(UpsampleMode.Nearest), [1], 3);
        var blend = new Step("blend", Up(UpsampleMode.Bilinear), [1], 4);
        var cat = new Step("cat", Cat(1), [3, 2, 4], 5);

        IReadOnlyList<Step> joined = CatChains.Join([up, blend, cat], 0, 5);

        Assert.Equal(["blend", "up and cat"], joined.Select(step => step.Name));
        Assert.Equal([1, 2, 4], joined[1].Inputs);
        Assert.Equal(3, CatChains.Join([up, blend, cat with { Inputs = [3, 3, 4] }], 0, 5).Count);
        Assert.Equal(3, CatChains.Join([up, blend, cat], 0, 3).Count);
        Assert.Equal(3, CatChains.Join([up, blend, cat with { Operator = Cat(2) }], 0, 5).Count);
    }

    // An image, larger or smaller ones stretched to its size, and sometimes a blended one, in any order.
    private static FloatModel Network(Shape4 shape, Random random)
    {
        var builder = new ModelBuilder(shape.C);
        Value x = builder.Add("x", Modules.Hardswish(), builder.Input);
        var parts = new List<Value> { x };
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            Value small = random.Next(3) switch
            {
                0 => builder.Add($"mean{i}", Modules.GlobalAvgPool2d(), x),
                1 => builder.Add($"wide{i}", Modules.Upsample(UpsampleSpec.ToSize(UpsampleMode.Nearest, shape.H + 1, shape.W + 2)), x),
                _ => builder.Add($"sized{i}", Modules.AdaptiveAvgPool2d(new AdaptivePoolingSpec(Math.Max(1, shape.H / 3), Math.Max(1, shape.W / 2))), x),
            };
            Value curved = random.Next(2) == 0 ? small : builder.Add($"curve{i}", Modules.Sigmoid(), small);
            UpsampleMode mode = random.Next(4) switch { 0 => UpsampleMode.Bilinear, 1 => UpsampleMode.NearestExact, _ => UpsampleMode.Nearest };
            parts.Insert(random.Next(parts.Count + 1), builder.Add($"part{i}", Modules.Upsample(UpsampleSpec.ToSize(mode, shape.H, shape.W)), curved));
        }

        Value cat = builder.Add("cat", Modules.Cat(), [.. parts]);
        return builder.Build(builder.Add("last", Modules.Tanh(), cat));
    }
}
