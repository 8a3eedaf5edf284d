using System;
using FsCheck.Xunit;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Layers;

public class FloatConvolutionTests
{
    [Property(MaxTest = 200)]
    public void Any_layer_is_near_the_double_precision_sum_and_bit_identical_on_every_tier_and_any_number_of_threads(int seed)
    {
        var random = new Random(seed);
        ConvolutionSpec spec = ConvolutionCase.FromSeed(seed).Spec;
        Shape4 shape = ConvolutionCase.FromSeed(seed).Input.Shape;
        var weight = new FloatWeight(spec.WeightShape, Values(random, spec.WeightShape.Count));
        float[] bias = Values(random, spec.HasBias ? spec.OutChannels : 0);
        var input = new FloatTensor(shape, Values(random, shape.Count));

        FloatTensor first = new FloatConvolution(spec, weight, bias).Forward(input);
        (double[] expected, double[] magnitude) = Plain(spec, weight, bias, input);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - first.Data[i]) <= 3e-6 * magnitude[i] + 1e-9, $"{i}: {expected[i]} {first.Data[i]} {spec}");
        }

        using KernelThreadsLimit threads = KernelThreads.Limit(1 + (seed & 3), workOfThread: 1);
        foreach (LaneTier tier in Enum.GetValues<LaneTier>())
        {
            if (LaneTiers.IsSupported(tier))
            {
                FloatTensor other = new FloatConvolution(spec, weight, bias, tier).Forward(input);
                Assert.True(first.Data.SequenceEqual(other.Data), $"{tier} {spec}");
            }
        }
    }

    [Fact]
    public void A_run_does_not_allocate()
    {
        var one = ConvolutionCase.FromSeed(11);
        var layer = new FloatConvolution(one.Spec, new FloatWeight(one.Spec.WeightShape, new float[one.Spec.WeightShape.Count]), one.Bias);
        Shape4 from = one.Input.Shape;
        var input = new float[from.Count];
        var output = new float[layer.OutputShape(from).Count];
        layer.Run(input, from.N, from.H, from.W, output);
        long before = GC.GetAllocatedBytesForCurrentThread();
        layer.Run(input, from.N, from.H, from.W, output);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        var one = ConvolutionCase.FromSeed(11);
        var weight = new FloatWeight(one.Spec.WeightShape, new float[one.Spec.WeightShape.Count]);
        var layer = new FloatConvolution(one.Spec, weight, one.Bias);
        Shape4 from = one.Input.Shape;

        Assert.Throws<ArgumentException>(() => new FloatConvolution(one.Spec, weight, new float[one.Spec.OutChannels + 1]));
        Assert.Throws<ArgumentException>(() => new FloatConvolution(one.Spec with { KernelWidth = one.Spec.KernelWidth + 1 }, weight, one.Bias));
        Assert.Throws<ArgumentException>(() => layer.Run(new float[from.Count - 1], from.N, from.H, from.W, new float[layer.OutputShape(from).Count]));
        Assert.Throws<ArgumentException>(() => layer.Run(new float[from.Count], from.N, from.H, from.W, new float[layer.OutputShape(from).Count - 1]));
    }

    private static float[] Values(Random random, int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = random.NextSingle() * 2 - 1;
        }

        return values;
    }

    /// <summary>The sums in double precision, and the sums of the products' magnitudes, which bound float32's rounding errors.</summary>
    private static (double[] Sums, double[] Magnitudes) Plain(ConvolutionSpec spec, FloatWeight weight, float[] bias, FloatTensor input)
    {
        Shape4 from = input.Shape;
        Shape4 to = spec.OutputShape(from);
        var sums = new double[to.Count];
        var magnitudes = new double[to.Count];
        bool isTransposed = spec.Kind == ConvolutionKind.ConvTranspose2d;
        for (int i = 0; i < sums.Length; i++)
        {
            (int pixel, int oc) = Math.DivRem(i, to.C);
            (int row, int x) = Math.DivRem(pixel, to.W);
            (int n, int y) = Math.DivRem(row, to.H);
            double sum = bias.Length > 0 ? bias[oc] : 0;
            double magnitude = Math.Abs(sum);
            for (int iy = 0; iy < from.H; iy++)
            {
                for (int ix = 0; ix < from.W; ix++)
                {
                    (int bigY, int smallY, int bigX, int smallX) = isTransposed ? (y, iy, x, ix) : (iy, y, ix, x);
                    int ky = Math.DivRem(bigY - smallY * spec.StrideHeight + spec.PaddingHeight, spec.DilationHeight, out int restY);
                    int kx = Math.DivRem(bigX - smallX * spec.StrideWidth + spec.PaddingWidth, spec.DilationWidth, out int restX);
                    if (restY != 0 || restX != 0 || ky < 0 || ky >= spec.KernelHeight || kx < 0 || kx >= spec.KernelWidth)
                    {
                        continue;
                    }

                    for (int ic = 0; ic < spec.InChannels / spec.Groups; ic++)
                    {
                        int channel = oc / (spec.OutChannels / spec.Groups) * (spec.InChannels / spec.Groups) + ic;
                        double product = (double)input[n, channel, iy, ix] * weight.Data[spec.WeightIndex(oc, ic, ky, kx)];
                        sum += product;
                        magnitude += Math.Abs(product);
                    }
                }
            }

            sums[i] = spec.Activation switch
            {
                Activation.Relu => Math.Max(sum, 0),
                Activation.Relu6 => Math.Clamp(sum, 0, 6),
                Activation.LeakyRelu => sum < 0 ? sum * spec.NegativeSlope : sum,
                _ => sum,
            };
            magnitudes[i] = magnitude;
        }

        return (sums, magnitudes);
    }
}
