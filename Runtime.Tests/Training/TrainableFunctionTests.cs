using System;
using System.Collections.Generic;
using Kernels.Layers;
using Kernels.Training;
using Xunit;

namespace Kernels.Tests.Training;

public class TrainableFunctionTests
{
    // Not a multiple of any vector, and more than one.
    private static readonly Shape4 Shape = new(2, 19, 7, 6);

    [Fact]
    public void Activations_have_the_gradients_of_their_finite_differences()
    {
        Check(new FloatRelu(), Shape, static x => x.Map(static v => Math.Max(v, 0)));
        Check(new FloatRelu6(), Shape, static x => x.Map(static v => Math.Clamp(v, 0, 6)), size: 9);
        Check(new FloatLeakyRelu(0.3f), Shape, static x => x.Map(static v => v > 0 ? v : 0.3f * v));
        Check(new FloatSigmoid(), Shape, static x => x.Map(static v => 1 / (1 + Math.Exp(-v))), size: 4);
        Check(new FloatTanh(), Shape, static x => x.Map(Math.Tanh), size: 3);
        Check(new FloatHardSwish(), Shape, static x => x.Map(static v => v * Math.Clamp(v + 3, 0, 6) / 6), size: 5);
    }

    [Theory]
    [InlineData(2, 2, 0, 1, false)]
    [InlineData(3, 1, 1, 1, false)]
    [InlineData(3, 2, 1, 1, true)]
    [InlineData(2, 3, 1, 2, false)]
    public void Max_pooling_has_the_gradients_of_its_finite_differences(int kernel, int stride, int padding, int dilation, bool ceil)
    {
        PoolingSpec spec = new PoolingSpec(kernel, stride, padding) with { DilationHeight = dilation, DilationWidth = dilation, CeilMode = ceil };
        Check(new FloatMaxPool2d(spec), Shape, x => Windows(x, spec, static window => Max(window)));

        static double Max(double?[] window)
        {
            double largest = double.NegativeInfinity;
            foreach (double? value in window)
            {
                largest = Math.Max(largest, value ?? double.NegativeInfinity);
            }

            return largest;
        }
    }

    [Theory]
    [InlineData(2, 2, 0, false, true, 0)]
    [InlineData(3, 1, 1, false, true, 0)]
    [InlineData(3, 2, 1, false, false, 0)]
    [InlineData(3, 2, 1, true, false, 5)]
    public void Average_pooling_has_the_gradients_of_its_finite_differences(int kernel, int stride, int padding, bool ceil, bool countsPadding, int divisor)
    {
        PoolingSpec spec = new PoolingSpec(kernel, stride, padding) with { CeilMode = ceil, CountIncludePad = countsPadding, DivisorOverride = divisor };
        Check(new FloatAvgPool2d(spec), Shape, x => Windows(x, spec, Mean));

        double Mean(double?[] window)
        {
            double sum = 0;
            int inside = 0;
            foreach (double? value in window)
            {
                sum += value ?? 0;
                inside += value is null ? 0 : 1;
            }

            return sum / (divisor != 0 ? divisor : countsPadding ? window.Length : inside);
        }
    }

    [Fact]
    public void A_global_mean_has_the_gradients_of_its_finite_differences() => Check(
        new FloatGlobalAvgPool2d(),
        Shape,
        static x => DoubleImage.Of(x.Shape with { H = 1, W = 1 }, (n, c, _, _) =>
        {
            double sum = 0;
            for (int i = 0; i < x.Shape.H * x.Shape.W; i++)
            {
                sum += x[n, c, i / x.Shape.W, i % x.Shape.W];
            }

            return sum / (x.Shape.H * x.Shape.W);
        }));

    [Theory]
    [InlineData(19, 2, 2)]
    [InlineData(19, 3.5, 1.3)]
    [InlineData(1, 2, 3)]
    [InlineData(5, 0.6, 0.5)]
    public void Nearest_upsampling_has_the_gradients_of_its_finite_differences(int channels, double vertical, double horizontal)
    {
        var spec = UpsampleSpec.ByFactor(UpsampleMode.Nearest, vertical, horizontal);
        Shape4 shape = Shape with { C = channels };
        Check(new FloatUpsample(spec), shape, x => DoubleImage.Of(spec.OutputShape(shape), (n, c, h, w) => x[n, c, Source(h, vertical, shape.H), Source(w, horizontal, shape.W)]));

        static int Source(int index, double factor, int size) => Math.Min((int)MathF.Floor(index * (float)(1.0 / factor)), size - 1);
    }

    [Theory]
    [InlineData(UpsampleMode.Bilinear, 14, 12)]
    [InlineData(UpsampleMode.Bilinear, 5, 17)]
    [InlineData(UpsampleMode.Bilinear, 1, 1)]
    [InlineData(UpsampleMode.BilinearAlignCorners, 14, 12)]
    [InlineData(UpsampleMode.BilinearAlignCorners, 4, 1)]
    public void Bilinear_upsampling_has_the_gradients_of_its_finite_differences(UpsampleMode mode, int height, int width)
    {
        var spec = UpsampleSpec.ToSize(mode, height, width);
        Check(new FloatUpsample(spec), Shape, x => DoubleImage.Of(spec.OutputShape(Shape), (n, c, h, w) =>
        {
            (int top, int bottom, double vertical) = Between(h, Shape.H, height);
            (int left, int right, double horizontal) = Between(w, Shape.W, width);
            return (1 - vertical) * ((1 - horizontal) * x[n, c, top, left] + horizontal * x[n, c, top, right])
                + vertical * ((1 - horizontal) * x[n, c, bottom, left] + horizontal * x[n, c, bottom, right]);
        }));

        (int First, int Second, double Share) Between(int index, int from, int to)
        {
            double source = mode == UpsampleMode.BilinearAlignCorners
                ? to == 1 ? 0 : index * (from - 1.0) / (to - 1)
                : Math.Max((index + 0.5) * from / to - 0.5, 0);
            int first = Math.Min((int)source, from - 1);
            return (first, Math.Min(first + 1, from - 1), source - first);
        }
    }

    [Fact]
    public void Cropping_and_flattening_have_the_gradients_of_their_finite_differences()
    {
        var crop = new CropSpec(1, 2, 3, 0);
        Check(new FloatCrop(crop), Shape, x => DoubleImage.Of(crop.OutputShape(Shape), (n, c, h, w) => x[n, c, h + 3, w + 1]));

        var flatten = new FloatFlatten();
        Check(flatten, Shape, x => DoubleImage.Of(flatten.OutputShape(Shape), (n, c, _, _) => x[n, c / (Shape.H * Shape.W), c / Shape.W % Shape.H, c % Shape.W]));
    }

    [Theory]
    [InlineData(PadMode.Constant)]
    [InlineData(PadMode.Reflect)]
    [InlineData(PadMode.Replicate)]
    [InlineData(PadMode.Circular)]
    public void Padding_has_the_gradients_of_its_finite_differences(PadMode mode)
    {
        var spec = new PadSpec(2, 1, 0, 3, mode, Value: 0.7f);
        Check(new FloatPad(spec), Shape, x => DoubleImage.Of(spec.OutputShape(Shape), (n, c, h, w) =>
        {
            (int row, int column) = (Source(h, Shape.H), Source(w - 2, Shape.W));
            return row < 0 || column < 0 ? 0.7f : x[n, c, row, column];
        }));

        int Source(int index, int size) => index >= 0 && index < size ? index : mode switch
        {
            PadMode.Constant => -1,
            PadMode.Reflect => index < 0 ? -index : 2 * size - 2 - index,
            PadMode.Replicate => index < 0 ? 0 : size - 1,
            _ => (index + size) % size,
        };
    }

    [Fact]
    public void A_fixed_batch_norm_has_the_gradients_of_its_finite_differences()
    {
        var parameters = new BatchNormParameters([1, -2, 0.5f], [0.3f, 1, 2], [1, -1, 0.5f], [0, 1, 2]);
        double[] mean = DoubleBatchNorm.Doubles(parameters.Mean);
        double[] variance = DoubleBatchNorm.Doubles(parameters.Variance);
        double[] weight = DoubleBatchNorm.Doubles(parameters.Weight);
        double[] bias = DoubleBatchNorm.Doubles(parameters.Bias);
        Shape4 shape = Shape with { C = 3 };

        Check(new FloatBatchNorm2d(parameters), shape, x => new DoubleImage(shape, DoubleBatchNorm.With(x.Values, mean, variance, weight, bias, 1e-5)));
    }

    [Fact]
    public void Of_equal_pixels_the_first_gets_the_gradient_of_a_maximum()
    {
        var layer = new TrainableFunction(new FloatMaxPool2d(new PoolingSpec(2)));
        layer.Forward(new FloatTensor(new Shape4(1, 1, 2, 4), [1, 5, 2, 2, 5, 5, 2, 2]));
        FloatTensor gradient = layer.Backward(new FloatTensor(new Shape4(1, 1, 1, 2), [3, 4]));

        Assert.Equal([0, 3, 4, 0, 0, 0, 0, 0], gradient.Data.ToArray());
    }

    [Fact]
    public void Bends_have_PyTorchs_derivative()
    {
        Assert.Equal([0, 0, 2], Gradient(new FloatRelu(), [-1, 0, 1]));
        Assert.Equal([0, 2, 0], Gradient(new FloatRelu6(), [0, 3, 6]));
        Assert.Equal([0.5f, 0.5f, 2], Gradient(new FloatLeakyRelu(0.25f), [-1, 0, 1]));
        Assert.Equal([-1, 1, 2], Gradient(new FloatHardSwish(), [-3, 0, 3]));

        static float[] Gradient(FloatLayer function, float[] input)
        {
            var layer = new TrainableFunction(function);
            var shape = new Shape4(1, input.Length, 1, 1);
            layer.Forward(new FloatTensor(shape, input));
            return layer.Backward(new FloatTensor(shape, [2, 2, 2])).Data.ToArray();
        }
    }

    private static void Check(FloatLayer function, Shape4 shape, Func<DoubleImage, DoubleImage> reference, float size = 1)
    {
        var random = new Random(shape.C);
        FloatTensor input = TrainingData.Tensor(random, shape);
        foreach (ref float value in input.Data)
        {
            value *= size;
        }

        GradientCheck.Run(new TrainableFunction(function), input, (x, _) => reference(new DoubleImage(shape, x)).Values, random, function.GetType().Name, samples: 60);
    }

    /// <summary>Pooling by its definition: the window's pixels, null for padding; what lies beyond the padding is not part of the window.</summary>
    private static DoubleImage Windows(DoubleImage x, PoolingSpec spec, Func<double?[], double> pool) => DoubleImage.Of(spec.OutputShape(x.Shape), (n, c, h, w) =>
    {
        var window = new List<double?>();
        for (int ky = 0; ky < spec.KernelHeight; ky++)
        {
            for (int kx = 0; kx < spec.KernelWidth; kx++)
            {
                int row = h * spec.StrideHeight - spec.PaddingHeight + ky * spec.DilationHeight;
                int column = w * spec.StrideWidth - spec.PaddingWidth + kx * spec.DilationWidth;
                if (row < x.Shape.H + spec.PaddingHeight && column < x.Shape.W + spec.PaddingWidth)
                {
                    window.Add(row >= 0 && row < x.Shape.H && column >= 0 && column < x.Shape.W ? x[n, c, row, column] : null);
                }
            }
        }

        return pool([.. window]);
    });
}
