using System;
using Kernels.Layers;
using Kernels.Packing;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Packing;

public class SixthByProductsTests
{
    [Fact]
    public void Products_give_the_rounded_quotient_wherever_it_is_normal_and_its_neighbour_elsewhere()
    {
        const float Sixth = 1f / 6f;
        var random = new Random(1);
        for (int i = 0; i < 2_000_000; i++)
        {
            float a = BitConverter.Int32BitsToSingle(random.Next());
            if (!float.IsFinite(a))
            {
                continue;
            }

            float quotient = a * Sixth;
            float rest = MathF.FusedMultiplyAdd(-quotient, 6f, a);
            float products = MathF.FusedMultiplyAdd(rest, Sixth, quotient);
            if (float.IsNormal(a / 6f))
            {
                Assert.Equal(a / 6f, products);
            }
            else
            {
                Assert.InRange(products, MathF.BitDecrement(a / 6f), MathF.BitIncrement(a / 6f));
                Assert.True(products < 1.2e-38f);
            }
        }
    }

    [Fact]
    public void Constants_of_networks_show_no_difference() => Assert.True(SixthByProducts.GivesTheSameCodes(Layer(
        1f,
        0.02f,
        EpilogueStep.HardSwish,
        EpilogueStep.ChannelAffine([1.7f, -20f], [0.3f, 0f]),
        EpilogueStep.HardSwish,
        EpilogueStep.LeakyRelu(0.2f),
        EpilogueStep.Add,
        EpilogueStep.HardSigmoid)));

    [Fact]
    public void Channels_whose_scale_is_next_to_nothing_show_no_difference() =>
        Assert.True(SixthByProducts.GivesTheSameCodes(Layer(1f, 0.02f, EpilogueStep.HardSwish, EpilogueStep.ChannelAffine([1e-30f, 1f], [1e-35f, 1e-25f]), EpilogueStep.HardSwish)));

    [Fact]
    public void Factors_that_make_steps_of_the_smallest_numbers_show_one()
    {
        EpilogueStep huge = EpilogueStep.Affine(1e30f, 0);

        Assert.False(SixthByProducts.GivesTheSameCodes(Layer(1e-35f, 1f, EpilogueStep.HardSwish, huge, EpilogueStep.Affine(1e9f, 0))));
        Assert.True(SixthByProducts.GivesTheSameCodes(Layer(1e-35f, 1f, EpilogueStep.HardSwish, huge, EpilogueStep.Affine(1e3f, 0))));
        Assert.True(SixthByProducts.GivesTheSameCodes(Layer(1e-35f, 1f, EpilogueStep.HardSwish, EpilogueStep.Affine(1f, 1e-20f), huge)));
        Assert.True(SixthByProducts.GivesTheSameCodes(Layer(1e-35f, 1f, huge, EpilogueStep.Affine(1e9f, 0), EpilogueStep.HardSigmoid)));
    }

    private static Requantizer Layer(float inputScale, float outputScale, params EpilogueStep[] steps)
    {
        bool hasAdd = Array.IndexOf(steps, EpilogueStep.Add) >= 0;
        var epilogue = new EpilogueParameters(steps, hasAdd ? new QuantizationParameters(0.1f, 3) : null);
        ConvolutionSpec spec = ConvolutionSpecs.Linear(1, 2, hasBias: false) with { Epilogue = epilogue.Spec };
        return Requantizer.Create(spec, new WeightQuantization(new QuantizationParameters(1f, 0)), [], new QuantizationParameters(inputScale, 0), new QuantizationParameters(outputScale, 7), epilogue);
    }
}
