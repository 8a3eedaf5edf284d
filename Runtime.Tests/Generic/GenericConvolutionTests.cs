using System;
using FsCheck.Xunit;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Generic;

public class GenericConvolutionTests
{
    public static TheoryData<ConvolutionKind> Kinds => [ConvolutionKind.Conv2d, ConvolutionKind.ConvTranspose2d];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Golden_outputs_are_equal_on_every_tier(ConvolutionKind kind)
    {
        foreach (GoldenConvolution golden in GoldenConvolution.Load(kind))
        {
            Assert.True(golden.ExpectedNchw.AsSpan().SequenceEqual(golden.Case.Expected().ToNchw()), "plain " + golden.Name);
            foreach (LaneTier tier in Enum.GetValues<LaneTier>())
            {
                if (LaneTiers.IsSupported(tier))
                {
                    Assert.True(golden.ExpectedNchw.AsSpan().SequenceEqual(Layer(golden.Case, tier).Forward(golden.Case.Input).ToNchw()), tier + " " + golden.Name);
                }
            }
        }
    }

    [Property(MaxTest = 400)]
    public void Any_layer_equals_the_plain_formula_on_every_tier_and_any_number_of_threads(int seed)
    {
        using KernelThreadsLimit threads = KernelThreads.Limit(1 + (seed & 3), workOfThread: 1);
        var one = ConvolutionCase.FromSeed(seed);
        byte[] expected = one.Expected().ToNchw();
        foreach (LaneTier tier in Enum.GetValues<LaneTier>())
        {
            if (LaneTiers.IsSupported(tier))
            {
                Assert.True(expected.AsSpan().SequenceEqual(Layer(one, tier).Forward(one.Input).ToNchw()), $"{tier} {one}");
            }
        }
    }

    [Property(MaxTest = 400)]
    public void Any_layer_with_a_fused_epilogue_equals_the_plain_definition_on_every_tier(int seed)
    {
        using KernelThreadsLimit threads = KernelThreads.Limit(1 + (seed & 3), workOfThread: 1);
        var one = EpilogueCase.FromSeed(seed);
        ConvolutionCase layer = one.Convolution;
        EpilogueParameters? epilogue = one.Epilogue.Spec.IsNone ? null : one.Epilogue;
        Span<byte> expected = one.Expected().Data;
        foreach (LaneTier tier in Enum.GetValues<LaneTier>())
        {
            if (LaneTiers.IsSupported(tier))
            {
                var convolution = new GenericConvolution(layer.Spec, layer.Weight, layer.Bias, layer.Input.Quantization, layer.Output, epilogue, tier);
                Assert.True(expected.SequenceEqual(one.Run(GenericResidual.Of(convolution, epilogue))), $"{tier} {layer}");
            }
        }
    }

    [Fact]
    public void A_run_leaves_the_bytes_behind_the_output_alone_and_does_not_allocate()
    {
        var one = ConvolutionCase.FromSeed(7);
        GenericConvolution layer = Layer(one, LaneTiers.Best);
        Shape4 from = one.Input.Shape;
        int count = layer.OutputShape(from).Count;
        var output = new byte[count + 64];
        output.AsSpan().Fill(77);
        layer.Run(one.Input.Data, from.N, from.H, from.W, output);
        long before = GC.GetAllocatedBytesForCurrentThread();
        layer.Run(one.Input.Data, from.N, from.H, from.W, output);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(-1, output.AsSpan(count).IndexOfAnyExcept((byte)77));
        Assert.Equal(one.Expected().Data, output.AsSpan(0, count));
    }

    [Fact]
    public void A_layer_run_after_a_larger_one_does_not_see_its_rows()
    {
        // Both use the same thread's row buffers, where the first leaves codes that the second must read as padding.
        for (int seed = 100; seed < 140; seed += 2)
        {
            var large = ConvolutionCase.FromSeed(seed);
            var small = ConvolutionCase.FromSeed(seed + 1);
            _ = Layer(large, LaneTiers.Best).Forward(large.Input);
            Assert.Equal(small.Expected().Data, Layer(small, LaneTiers.Best).Forward(small.Input).Data);
        }
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        var one = ConvolutionCase.FromSeed(3);
        GenericConvolution layer = Layer(one, LaneTiers.Best);
        Shape4 from = one.Input.Shape;
        var output = new byte[layer.OutputShape(from).Count];

        Assert.Throws<ArgumentException>(() => layer.Run(one.Input.Data[1..], from.N, from.H, from.W, output));
        Assert.Throws<ArgumentException>(() => layer.Run(one.Input.Data, from.N, from.H, from.W, output.AsSpan(1)));
        Assert.Throws<ArgumentException>(() => layer.Run(output, from.N, from.H, from.W, output));
        Assert.Throws<ArgumentException>(() => layer.Forward(new QuantizedTensor(from, new QuantizationParameters(9f, 1))));
        Assert.Throws<ArgumentException>(() => new GenericConvolution(
            one.Spec with { KernelHeight = one.Spec.KernelHeight + 1 }, one.Weight, one.Bias, one.Input.Quantization, one.Output));
    }

    [Fact]
    public void A_layer_whose_sums_could_overflow_is_refused()
    {
        var spec = new ConvolutionSpec { Kind = ConvolutionKind.Conv2d, InChannels = 70000, OutChannels = 1, KernelHeight = 1, KernelWidth = 1, HasBias = false };
        var weights = new sbyte[70000];
        weights.AsSpan().Fill(-128);
        var weight = new QuantizedWeight(spec.WeightShape, weights, new WeightQuantization(new QuantizationParameters(1f, 0)));
        Assert.Throws<ArgumentException>(() => new GenericConvolution(spec, weight, [], new(1f, 0), new(1f, 0)));
    }

    private static GenericConvolution Layer(ConvolutionCase one, LaneTier tier) =>
        new(one.Spec, one.Weight, one.Bias, one.Input.Quantization, one.Output, epilogue: null, tier);
}
