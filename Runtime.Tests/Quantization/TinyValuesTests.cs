using System;
using System.Linq;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Quantization;

public class TinyValuesTests
{
    private static readonly QuantizationParameters Input = new(0.02f, 3);
    private static readonly QuantizationParameters Output = new(0.05f, 128);

    [Fact]
    public void A_pruned_channel_has_no_bias_and_others_keep_theirs()
    {
        Requantizer layer = Layer([1e-40f, -4e-42f, 1e-20f, 0.5f], EpilogueStep.HardSwish, EpilogueStep.Affine(1.5f, 0.25f), EpilogueStep.HardSwish);
        Requantizer plain = Layer([1e-40f, -4e-42f, 1e-20f, 0.5f]);

        Assert.Equal([true, true, false, false], layer.Bias.ToArray().Select(bias => bias == 0));
        Assert.Equal([true, true, false, false], plain.Bias.ToArray().Select(bias => bias == 0));
    }

    [Fact]
    public void A_bias_that_a_function_makes_visible_stays()
    {
        EpilogueStep huge = EpilogueStep.Affine(1e30f, 0);

        Assert.NotEqual(0, Layer(5e-30f, [1e-39f], huge, EpilogueStep.Affine(1e9f, 0)).Bias[0]);
        Assert.Equal(0, Layer(5e-30f, [1e-39f], huge, EpilogueStep.Affine(1e5f, 0)).Bias[0]);
        Assert.Equal(0, Layer(5e-30f, [1e-39f], huge, EpilogueStep.HardSigmoid).Bias[0]);
    }

    [Fact]
    public void Layers_with_pruned_channels_equal_the_plain_definition()
    {
        for (int seed = 0; seed < 400; seed++)
        {
            EpilogueCase one = Pruned(EpilogueCase.FromSeed(seed), new Random(seed));
            ConvolutionCase layer = one.Convolution;
            EpilogueParameters? epilogue = one.Epilogue.Spec.IsNone ? null : one.Epilogue;
            var convolution = new GenericConvolution(layer.Spec, layer.Weight, layer.Bias, layer.Input.Quantization, layer.Output, epilogue, LaneTiers.Best);

            Assert.True(one.Expected().Data.SequenceEqual(one.Run(GenericResidual.Of(convolution, epilogue))), $"seed {seed}: {layer}");
        }
    }

    // Half of the channels have no weights, and biases around the smallest numbers that there are.
    private static EpilogueCase Pruned(EpilogueCase one, Random random)
    {
        ConvolutionCase layer = one.Convolution;
        ConvolutionSpec spec = layer.Spec with { HasBias = true };
        float[] bias = [.. Enumerable.Range(0, spec.OutChannels).Select(channel => (channel & 1) == 1 ? 0.1f : MathF.ScaleB(random.NextSingle() - 0.5f, -random.Next(100, 149)))];
        sbyte[] codes = layer.Weight.Data.ToArray();
        bool isTransposed = spec.Kind == ConvolutionKind.ConvTranspose2d;
        Shape4 shape = layer.Weight.Shape;
        for (int i = 0; i < codes.Length; i++)
        {
            int first = i / (shape.C * shape.H * shape.W), second = i / (shape.H * shape.W) % shape.C;
            int channel = isTransposed ? first / (spec.InChannels / spec.Groups) * shape.C + second : first;
            codes[i] = (channel & 1) == 1 ? codes[i] : (sbyte)layer.Weight.Quantization[channel].ZeroPoint;
        }

        return one with { Convolution = layer with { Spec = spec, Bias = bias, Weight = new QuantizedWeight(shape, codes, layer.Weight.Quantization) } };
    }

    private static Requantizer Layer(float[] bias, params EpilogueStep[] steps) => Layer(1.2e-7f, bias, steps);

    private static Requantizer Layer(float weightScale, float[] bias, params EpilogueStep[] steps)
    {
        var epilogue = new EpilogueParameters(steps);
        ConvolutionSpec spec = ConvolutionSpecs.Linear(1, bias.Length, hasBias: true) with { Epilogue = epilogue.Spec };
        return Requantizer.Create(spec, new WeightQuantization(new QuantizationParameters(weightScale, 0)), bias, Input, Output, steps.Length == 0 ? null : epilogue);
    }
}
