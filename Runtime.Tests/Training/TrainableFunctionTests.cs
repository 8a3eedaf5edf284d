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
        Check(new FloatHardSigmoid(), Shape, static x => x.Map(static v => Math.Clamp(v + 3, 0, 6) / 6), size: 5);
        Check(new FloatHardtanh(-2, 3), Shape, static x => x.Map(static v => Math.Clamp(v, -2, 3)), size: 5);
        Check(new FloatSilu(), Shape, static x => x.Map(static v => v / (1 + Math.Exp(-v))), size: 4);
        Check(new FloatMish(), Shape, static x => x.Map(static v => v * Math.Tanh(Math.Log(1 + Math.Exp(v)))), size: 4);
        Check(new FloatElu(0.7f), Shape, static x => x.Map(static v => v > 0 ? v : 0.7f * (Math.Exp(v) - 1)), size: 3);
        Check(new FloatSoftplus(2f, 3f), Shape, static x => x.Map(static v => v > 1.5 ? v : Math.Log(1 + Math.Exp(2 * v)) / 2), size: 3);
        Check(new FloatGelu(GeluApproximation.Tanh), Shape, static x => x.Map(static v => v * 0.5 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)))), size: 3);
        Check(new FloatGelu(), Shape, static x => x.Map(static v => v * DoubleFunctions.Erfc(-v / Math.Sqrt(2)) / 2), size: 3);
    }

    [Fact]
    public void Constants_of_channels_have_the_gradients_of_their_finite_differences()
    {
        float[] weight = TrainingData.Floats(new Random(1), Shape.C);
        float[] shift = TrainingData.Floats(new Random(2), Shape.C);
        Check(new FloatPRelu(weight), Shape, x => DoubleImage.Of(Shape, (n, c, h, w) => x[n, c, h, w] > 0 ? x[n, c, h, w] : x[n, c, h, w] * weight[c]));
        Check(new FloatAffine(new AffineParameters(weight, shift)), Shape, x => DoubleImage.Of(Shape, (n, c, h, w) => x[n, c, h, w] * weight[c] + shift[c]));
    }

    [Fact]
    public void Normalization_has_the_gradients_of_its_finite_differences()
    {
        Shape4 shape = Shape with { C = 6 };
        var parameters = new NormalizationParameters(6, TrainingData.Floats(new Random(1), 6), TrainingData.Floats(new Random(2), 6), 1e-2f);
        Check(new FloatGroupNorm(2, parameters), shape, x => Normal(x, (c, k, isPixel) => c / 3 == k / 3));
        Check(new FloatGroupNorm(6, parameters), shape, x => Normal(x, (c, k, isPixel) => c == k));
        Check(new FloatLayerNorm(parameters), shape, x => Normal(x, (c, k, isPixel) => isPixel));

        DoubleImage Normal(DoubleImage x, Func<int, int, bool, bool> isSame) => DoubleImage.Of(shape, (n, c, h, w) =>
        {
            (double sum, double squares, int count) = (0, 0, 0);
            for (int i = 0; i < 6 * shape.H * shape.W; i++)
            {
                (int k, int y, int z) = (i / shape.W / shape.H, i / shape.W % shape.H, i % shape.W);
                if (isSame(c, k, y == h && z == w))
                {
                    sum += x[n, k, y, z];
                    squares += x[n, k, y, z] * x[n, k, y, z];
                    count++;
                }
            }

            double mean = sum / count;
            return (x[n, c, h, w] - mean) / Math.Sqrt(squares / count - mean * mean + parameters.Epsilon) * parameters.Weight[c] + parameters.Bias[c];
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Softmax_has_the_gradients_of_its_finite_differences(int axis) => Check(new FloatSoftmax(axis), Shape, x => DoubleImage.Of(Shape, (n, c, h, w) =>
    {
        double sum = 0;
        for (int k = 0; k < (axis switch { 0 => Shape.N, 1 => Shape.C, 2 => Shape.H, _ => Shape.W }); k++)
        {
            sum += Math.Exp((axis switch { 0 => x[k, c, h, w], 1 => x[n, k, h, w], 2 => x[n, c, k, w], _ => x[n, c, h, k] }) - x[n, c, h, w]);
        }

        return 1 / sum;
    }));

    [Fact]
    public void Means_have_the_gradients_of_their_finite_differences()
    {
        Check(new FloatAdaptiveAvgPool2d(new AdaptivePoolingSpec(3, 4)), Shape, x => DoubleImage.Of(Shape with { H = 3, W = 4 }, (n, c, h, w) =>
            Mean(x, n, c, c + 1, h * Shape.H / 3, ((h + 1) * Shape.H + 2) / 3, w * Shape.W / 4, ((w + 1) * Shape.W + 3) / 4)));
        Check(new FloatMean(new MeanSpec(1)), Shape, x => DoubleImage.Of(Shape with { C = 1 }, (n, c, h, w) => Mean(x, n, 0, Shape.C, h, h + 1, w, w + 1)));
        Check(new FloatMean(new MeanSpec(1, 2)), Shape, x => DoubleImage.Of(Shape with { C = 1, H = 1 }, (n, c, h, w) => Mean(x, n, 0, Shape.C, 0, Shape.H, w, w + 1)));
        Check(new FloatMean(new MeanSpec(3)), Shape, x => DoubleImage.Of(Shape with { W = 1 }, (n, c, h, w) => Mean(x, n, c, c + 1, h, h + 1, 0, Shape.W)));

        static double Mean(DoubleImage x, int n, int firstChannel, int endChannel, int top, int bottom, int left, int right)
        {
            double sum = 0;
            for (int c = firstChannel; c < endChannel; c++)
            {
                for (int h = top; h < bottom; h++)
                {
                    for (int w = left; w < right; w++)
                    {
                        sum += x[n, c, h, w];
                    }
                }
            }

            return sum / ((endChannel - firstChannel) * (bottom - top) * (right - left));
        }
    }

    [Fact]
    public void What_moves_elements_has_the_gradients_of_its_finite_differences()
    {
        Check(new FloatSlice(new SliceSpec(1, 2, -3, 3)), Shape, x => DoubleImage.Of(Shape with { C = 5 }, (n, c, h, w) => x[n, 2 + 3 * c, h, w]));
        Check(new FloatSlice(new SliceSpec(2, 1, 5)), Shape, x => DoubleImage.Of(Shape with { H = 4 }, (n, c, h, w) => x[n, c, 1 + h, w]));
        var spec = new PixelShuffleSpec(2);
        Shape4 small = Shape with { C = 20 };
        Check(new FloatPixelShuffle(spec), small, x => DoubleImage.Of(spec.LargeShape(small), (n, c, h, w) => x[n, c * 4 + h % 2 * 2 + w % 2, h / 2, w / 2]));
        Shape4 large = Shape with { H = 8 };
        Check(new FloatPixelUnshuffle(spec), large, x => DoubleImage.Of(spec.SmallShape(large), (n, c, h, w) => x[n, c / 4, h * 2 + c / 2 % 2, w * 2 + c % 2]));
        var reshape = new ReshapeSpec(-1, 2, 3);
        Check(new FloatReshape(reshape), Shape, x => DoubleImage.Of(reshape.OutputShape(Shape), (n, c, h, w) =>
        {
            int i = (c * 2 + h) * 3 + w;
            return x[n, i / Shape.W / Shape.H, i / Shape.W % Shape.H, i % Shape.W];
        }));
    }

    [Fact]
    public void Resizing_by_other_conventions_has_the_gradients_of_its_finite_differences()
    {
        var nearest = UpsampleSpec.ToSize(UpsampleMode.NearestExact, 5, 13);
        Check(new FloatUpsample(nearest), Shape, x => DoubleImage.Of(nearest.OutputShape(Shape), (n, c, h, w) => x[n, c, (int)((h + 0.5) * Shape.H / 5), (int)((w + 0.5) * Shape.W / 13)]));
        UpsampleSpec asymmetric = UpsampleSpec.ToSize(UpsampleMode.Bilinear, 7, 12) with { Coordinates = PixelCoordinates.Asymmetric };
        Check(new FloatUpsample(asymmetric), Shape, x => DoubleImage.Of(asymmetric.OutputShape(Shape), (n, c, h, w) =>
            (x[n, c, h, w / 2] + x[n, c, h, w % 2 == 0 ? w / 2 : Math.Min(w / 2 + 1, Shape.W - 1)]) / 2));
    }

    [Fact]
    public void Joins_of_spread_inputs_have_the_gradients_of_their_finite_differences()
    {
        Shape4[] shapes = [Shape, Shape with { H = 1, W = 1 }, Shape with { C = 1 }, Shape with { N = 1, H = 1 }, new(1, 1, 1, 1), Shape with { C = 1, W = 1 }];
        foreach (Shape4 second in shapes)
        {
            CheckJoin(new FloatAdd(), Shape, second, static (a, b) => a + b);
            CheckJoin(new FloatSub(), second, Shape, static (a, b) => a - b);
            CheckJoin(new FloatMul(relu: true), second, Shape, static (a, b) => Math.Max(a * b, 0));
            CheckJoin(new FloatDiv(), Shape, second, static (a, b) => a / b);
        }

        static void CheckJoin(IFloatBinaryLayer layer, Shape4 first, Shape4 second, Func<double, double, double> function)
        {
            var random = new Random(5);
            Shape4 to = layer.OutputShape(first, second);
            CheckBoth(layer, Values(random, first), Values(random, second), (a, b) => DoubleImage.Of(to, (n, c, h, w) => function(At(a, n, c, h, w), At(b, n, c, h, w))));
        }

        // Away from 0, where a quotient has no derivative.
        static FloatTensor Values(Random random, Shape4 shape) => new(shape, Array.ConvertAll(TrainingData.Floats(random, shape.Count), static v => v + (v < 0 ? -0.5f : 0.5f)));

        static double At(DoubleImage x, int n, int c, int h, int w) => x[Math.Min(n, x.Shape.N - 1), Math.Min(c, x.Shape.C - 1), Math.Min(h, x.Shape.H - 1), Math.Min(w, x.Shape.W - 1)];
    }

    [Fact]
    public void A_matrix_product_has_the_gradients_of_its_finite_differences()
    {
        var random = new Random(6);
        FloatTensor a = TrainingData.Tensor(random, new Shape4(1, 3, 4, 5));
        FloatTensor b = TrainingData.Tensor(random, new Shape4(2, 3, 5, 6));
        CheckBoth(new FloatMatMul(), a, b, (x, y) => DoubleImage.Of(new Shape4(2, 3, 4, 6), (n, c, h, w) =>
        {
            double sum = 0;
            for (int k = 0; k < 5; k++)
            {
                sum += x[0, c, h, k] * y[n, c, k, w];
            }

            return sum;
        }));
    }

    private static void CheckBoth(IFloatBinaryLayer layer, FloatTensor first, FloatTensor second, Func<DoubleImage, DoubleImage, DoubleImage> reference)
    {
        var random = new Random(7);
        var output = new FloatTensor(layer.OutputShape(first.Shape, second.Shape));
        layer.Run(first.Data, first.Shape, second.Data, second.Shape, output.Data);
        FloatTensor factors = TrainingData.Tensor(random, output.Shape);
        (FloatTensor byFirst, FloatTensor bySecond) = (TrainingData.Tensor(random, first.Shape), TrainingData.Tensor(random, second.Shape));
        layer.Backward(first, second, output, factors, byFirst, bySecond);
        double[] x = Array.ConvertAll(first.Data.ToArray(), static v => (double)v);
        double[] y = Array.ConvertAll(second.Data.ToArray(), static v => (double)v);
        for (int sample = 0; sample < 30; sample++)
        {
            Near(x, byFirst);
            Near(y, bySecond);
        }

        void Near(double[] values, FloatTensor gradient)
        {
            int i = random.Next(values.Length);
            double before = values[i];
            values[i] = before + 1e-6;
            double above = Loss();
            values[i] = before - 1e-6;
            double below = Loss();
            values[i] = before;
            double expected = (above - below) / 2e-6;
            Assert.True(Math.Abs(expected - gradient.Data[i]) <= 5e-4 * (1 + Math.Abs(expected)), $"{layer.GetType().Name} {first.Shape} {second.Shape}: expected {expected}, got {gradient.Data[i]}");
        }

        double Loss()
        {
            double[] results = reference(new DoubleImage(first.Shape, x), new DoubleImage(second.Shape, y)).Values;
            double loss = 0;
            for (int i = 0; i < results.Length; i++)
            {
                loss += results[i] * factors.Data[i];
            }

            return loss;
        }
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
