using System;
using System.Linq;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Layers;

public class LinearTests
{
    [Fact]
    public void Golden_outputs_are_equal()
    {
        foreach (GoldenConvolution golden in GoldenLinear.Load())
        {
            ConvolutionCase item = golden.Case;
            var layer = new GenericLinear(item.Weight, item.Bias, item.Input.Quantization, item.Output, item.Spec.Activation);

            Assert.True(golden.ExpectedNchw.AsSpan().SequenceEqual(layer.Forward(item.Input).Data), golden.Name);
        }
    }

    [Fact]
    public void Rows_beyond_one_portion_and_pixels_are_rows_too()
    {
        var spec = ConvolutionSpecs.Linear(5, 3);
        var one = ConvolutionCase.Fill(spec, new Shape4(7, 5, 9, 11), new Random(2));
        var layer = new GenericLinear(one.Weight, one.Bias, one.Input.Quantization, one.Output);

        Assert.Equal(one.Expected().Data, layer.Forward(one.Input).Data);
    }

    [Fact]
    public void Rows_beyond_one_portion_have_the_rows_of_a_second_input_added()
    {
        var spec = ConvolutionSpecs.Linear(5, 3);
        var one = EpilogueCase.Fill(ConvolutionCase.Fill(spec, new Shape4(7, 5, 9, 11), new Random(2)), new EpilogueSpec(EpilogueFunction.HardSwish, EpilogueFunction.Add), new Random(3));
        ConvolutionCase layer = one.Convolution;
        IQuantizedLayer linear = GenericLinear.Create(layer.Weight, layer.Bias, layer.Input.Quantization, layer.Output, one.Epilogue);

        Assert.Equal(one.Expected().Data.ToArray(), one.Run(linear));
        Assert.Throws<InvalidOperationException>(() => linear.Run(layer.Input.Data, 7, 9, 11, new byte[7 * 3 * 9 * 11]));
    }

    [Fact]
    public void The_float_twin_is_the_sum_of_products()
    {
        float[] weights = [.. Enumerable.Range(0, 15).Select(static i => i * 0.5f - 3)];
        var layer = new FloatLinear(new FloatWeight(new Shape4(3, 5, 1, 1), weights), [1f, 2f, 3f], Activation.Relu);
        float[] x = [.. Enumerable.Range(0, 600 * 5).Select(static i => i % 7 - 3f)];
        var y = new float[600 * 3];
        layer.Run(x, 600, 1, 1, y);

        for (int i = 0; i < y.Length; i++)
        {
            (int row, int feature) = Math.DivRem(i, 3);
            float sum = feature + 1;
            for (int k = 0; k < 5; k++)
            {
                sum += x[row * 5 + k] * weights[feature * 5 + k];
            }

            Assert.Equal(Math.Max(sum, 0f), y[i]);
        }
    }

    [Fact]
    public void A_sequence_of_height_1_is_a_1d_convolution()
    {
        // Output o of a transposed convolution with stride 2 and kernel 2 reads input o / 2 through tap o % 2.
        var transposed = new FloatConvolution(ConvolutionSpecs.ConvTranspose1d(1, 1, 2, stride: 2, hasBias: false), new FloatWeight(new Shape4(1, 1, 1, 2), [10f, 100f]), []);
        Assert.Equal([10f, 100f, 20f, 200f, 30f, 300f], transposed.Forward(new FloatTensor(new Shape4(1, 1, 1, 3), [1f, 2f, 3f])).ToNchw());

        var plain = new FloatConvolution(ConvolutionSpecs.Conv1d(1, 1, 3, padding: 1, hasBias: false), new FloatWeight(new Shape4(1, 1, 1, 3), [1f, 10f, 100f]), []);
        Assert.Equal([210f, 321f, 32f], plain.Forward(new FloatTensor(new Shape4(1, 1, 1, 3), [1f, 2f, 3f])).ToNchw());
    }
}
