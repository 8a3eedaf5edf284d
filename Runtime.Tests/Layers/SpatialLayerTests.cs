using System;
using FsCheck.Xunit;
using Kernels.Layers;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Layers;

public class SpatialLayerTests
{
    private static readonly QuantizationParameters Q = new(0.04f, 37);

    [Fact]
    public void Golden_nearest_upsampling_is_equal()
    {
        foreach (GoldenCase golden in GoldenFile.Load("upsample_nearest"))
        {
            var quantization = new QuantizationParameters(golden.Float("scale"), golden.Int("zero_point"));
            var layer = new QuantizedUpsample(UpsampleSpec.ToSize(UpsampleMode.Nearest, golden.Int("out_height"), golden.Int("out_width")), quantization);

            Assert.True(golden.Tensor("output").Bytes.SequenceEqual(layer.Forward(golden.Quantized("input", quantization)).ToNchw()), golden.ToString());
        }
    }

    [Property]
    public void Max_pooling_takes_the_largest_pixel_of_each_window(int seed)
    {
        var random = new Random(seed);
        PoolingSpec spec = RandomPooling(random) with { DilationHeight = random.Next(1, 3), DilationWidth = random.Next(1, 3) };
        QuantizedTensor x = RandomTensor(random, new Shape4(2, random.Next(1, 70), random.Next(7, 15), random.Next(7, 15)));
        QuantizedTensor y = new QuantizedMaxPool2d(spec, Q).Forward(x);
        FloatTensor twin = new FloatMaxPool2d(spec).Forward(Quantizer.Dequantize(x));

        Assert.Equal(twin.ToNchw(), Quantizer.Dequantize(y).ToNchw());
        ForEach(y.Shape, (n, c, h, w) =>
        {
            int largest = -1;
            ForWindow(spec, x.Shape, h, w, (iy, ix) => largest = Math.Max(largest, x[n, c, iy, ix]));
            Assert.Equal(largest, y[n, c, h, w]);
        });
    }

    [Fact]
    public void A_maximum_of_no_pixel_is_the_least_value()
    {
        // Taps at -1 and 1 of a single column.
        FloatTensor y = new FloatMaxPool2d(new PoolingSpec(2, 1, 1) with { DilationHeight = 2, DilationWidth = 2 }).Forward(new FloatTensor(new Shape4(1, 1, 1, 1), [3]));

        Assert.Equal([float.NegativeInfinity], y.Data.ToArray());
    }

    [Property]
    public void Average_pooling_rounds_the_mean_of_each_window(int seed)
    {
        var random = new Random(seed);
        PoolingSpec spec = RandomPooling(random) with { CountIncludePad = random.Next(2) == 0, DivisorOverride = random.Next(4) == 0 ? 7 : 0 };
        QuantizedTensor x = RandomTensor(random, new Shape4(2, random.Next(1, 70), random.Next(5, 12), random.Next(5, 12)));
        QuantizedTensor y = new QuantizedAvgPool2d(spec, Q).Forward(x);
        FloatTensor twin = new FloatAvgPool2d(spec).Forward(Quantizer.Dequantize(x));
        ForEach(y.Shape, (n, c, h, w) =>
        {
            int sum = 0;
            int count = 0;
            ForWindow(spec, x.Shape, h, w, (iy, ix) =>
            {
                sum += x[n, c, iy, ix] - Q.ZeroPoint;
                count++;
            });
            int bottom = Math.Min(h * spec.StrideHeight - spec.PaddingHeight + spec.KernelHeight, x.Shape.H + spec.PaddingHeight);
            int right = Math.Min(w * spec.StrideWidth - spec.PaddingWidth + spec.KernelWidth, x.Shape.W + spec.PaddingWidth);
            int padded = (bottom - h * spec.StrideHeight + spec.PaddingHeight) * (right - w * spec.StrideWidth + spec.PaddingWidth);
            int divisor = spec.DivisorOverride != 0 ? spec.DivisorOverride : spec.CountIncludePad ? padded : count;
            Assert.Equal(Math.Clamp((int)MathF.Round(sum * (1f / divisor)) + Q.ZeroPoint, 0, 255), y[n, c, h, w]);
            Assert.Equal((double)sum / divisor * Q.Scale, twin[n, c, h, w], 1e-4);
        });
    }

    [Fact]
    public void Pooling_sizes_are_PyTorchs()
    {
        var input = new Shape4(1, 1, 10, 11);
        Assert.Equal(new Shape4(1, 1, 5, 5), new PoolingSpec(2).OutputShape(input));
        Assert.Equal(new Shape4(1, 1, 5, 6), (new PoolingSpec(2) with { CeilMode = true }).OutputShape(input));
        Assert.Equal(new Shape4(1, 1, 5, 6), new PoolingSpec(3, 2, 1).OutputShape(input));

        // Without the rule, ceil mode would make a third window that starts in the right padding.
        Assert.Equal(new Shape4(1, 1, 2, 2), (new PoolingSpec(2, 3, 1) with { CeilMode = true }).OutputShape(new Shape4(1, 1, 5, 5)));
        Assert.Throws<ArgumentException>(() => new PoolingSpec(30).OutputShape(input));
        Assert.Throws<ArgumentException>(() => new FloatMaxPool2d(new PoolingSpec(2, 1, 2)));
        Assert.Throws<ArgumentException>(() => new FloatAvgPool2d(new PoolingSpec(2) with { DilationWidth = 2 }));
    }

    [Property]
    public void Global_average_pooling_is_the_mean_of_each_channel(int seed)
    {
        var random = new Random(seed);
        QuantizedTensor x = RandomTensor(random, new Shape4(2, random.Next(1, 70), random.Next(1, 12), random.Next(1, 12)));
        QuantizedTensor y = new QuantizedGlobalAvgPool2d(Q).Forward(x);
        FloatTensor twin = new FloatGlobalAvgPool2d().Forward(Quantizer.Dequantize(x));
        ForEach(y.Shape, (n, c, h, w) =>
        {
            double sum = 0;
            ForEach(new Shape4(1, 1, x.Shape.H, x.Shape.W), (_, _, iy, ix) => sum += x[n, c, iy, ix] - Q.ZeroPoint);
            double mean = sum / (x.Shape.H * x.Shape.W);
            Assert.Equal(mean * Q.Scale, twin[n, c, h, w], 1e-4);
            Assert.True(Math.Abs(mean + Q.ZeroPoint - y[n, c, h, w]) < 0.5001);
        });
    }

    [Property]
    public void Bilinear_upsampling_blends_four_neighbours(int seed)
    {
        var random = new Random(seed);
        UpsampleMode mode = random.Next(2) == 0 ? UpsampleMode.Bilinear : UpsampleMode.BilinearAlignCorners;
        QuantizedTensor x = RandomTensor(random, new Shape4(2, random.Next(1, 40), random.Next(1, 9), random.Next(1, 9)));
        UpsampleSpec spec = random.Next(2) == 0
            ? UpsampleSpec.ToSize(mode, random.Next(1, 20), random.Next(1, 20))
            : UpsampleSpec.ByFactor(mode, 1 + random.NextDouble() * 2, 2);
        QuantizedTensor y = new QuantizedUpsample(spec, Q).Forward(x);
        FloatTensor twin = new FloatUpsample(spec).Forward(Quantizer.Dequantize(x));
        ForEach(y.Shape, (n, c, h, w) =>
        {
            (int top, int bottom, double v) = Neighbours(h, x.Shape.H, y.Shape.H, spec.ScaleHeight, mode);
            (int left, int right, double u) = Neighbours(w, x.Shape.W, y.Shape.W, spec.ScaleWidth, mode);
            double code = (1 - v) * ((1 - u) * x[n, c, top, left] + u * x[n, c, top, right]) + v * ((1 - u) * x[n, c, bottom, left] + u * x[n, c, bottom, right]);
            Assert.True(Math.Abs(code - y[n, c, h, w]) < 0.501, $"{spec} {x.Shape} {code} {y[n, c, h, w]}");
            Assert.Equal((code - Q.ZeroPoint) * Q.Scale, twin[n, c, h, w], 1e-3);
        });
    }

    [Fact]
    public void Doubling_bilinearly_gives_quarters_and_corners_stay_with_align_corners()
    {
        var x = new FloatTensor(new Shape4(1, 1, 1, 2), [0f, 4f]);
        Assert.Equal([0f, 1f, 3f, 4f], new FloatUpsample(UpsampleSpec.ByFactor(UpsampleMode.Bilinear, 1, 2)).Forward(x).ToNchw());
        Assert.Equal([0f, 2f, 4f], new FloatUpsample(UpsampleSpec.ToSize(UpsampleMode.BilinearAlignCorners, 1, 3)).Forward(x).ToNchw());
    }

    [Fact]
    public void Nearest_with_one_pixel_repeats_every_channel()
    {
        var x = new QuantizedTensor(new Shape4(1, 3, 1, 1), Q, [1, 2, 3]);
        Assert.Equal([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3], new QuantizedUpsample(UpsampleSpec.ByFactor(UpsampleMode.Nearest, 2), Q).Forward(x).ToNchw());
    }

    [Fact]
    public void Padding_modes_are_PyTorchs()
    {
        var x = new FloatTensor(new Shape4(1, 1, 1, 3), [1f, 2f, 3f]);
        Assert.Equal([9f, 9f, 1f, 2f, 3f, 9f], new FloatPad(new PadSpec(2, 1, 0, 0, PadMode.Constant, 9f)).Forward(x).ToNchw());
        Assert.Equal([3f, 2f, 1f, 2f, 3f, 2f], new FloatPad(new PadSpec(2, 1, 0, 0, PadMode.Reflect)).Forward(x).ToNchw());
        Assert.Equal([1f, 1f, 1f, 2f, 3f, 3f], new FloatPad(new PadSpec(2, 1, 0, 0, PadMode.Replicate)).Forward(x).ToNchw());
        Assert.Equal([2f, 3f, 1f, 2f, 3f, 1f], new FloatPad(new PadSpec(2, 1, 0, 0, PadMode.Circular)).Forward(x).ToNchw());
        Assert.Throws<ArgumentException>(() => new FloatPad(new PadSpec(3, 0, 0, 0, PadMode.Reflect)).Forward(x));
        Assert.Throws<ArgumentException>(() => new FloatPad(new PadSpec(-1, 0, 0, 0)).Forward(x));
    }

    [Property]
    public void Cropping_undoes_padding_and_int8_padding_is_the_code_of_its_value(int seed)
    {
        var random = new Random(seed);
        QuantizedTensor x = RandomTensor(random, new Shape4(2, random.Next(1, 9), random.Next(4, 9), random.Next(4, 9)));
        var pad = new PadSpec(random.Next(4), random.Next(4), random.Next(4), random.Next(4), (PadMode)random.Next(4), 0.4f);
        QuantizedTensor padded = new QuantizedPad(pad, Q).Forward(x);
        QuantizedTensor cropped = new QuantizedCrop(new CropSpec(pad.Left, pad.Right, pad.Top, pad.Bottom), Q).Forward(padded);
        FloatTensor twin = new FloatPad(pad).Forward(Quantizer.Dequantize(x));

        Assert.Equal(x.ToNchw(), cropped.ToNchw());
        Assert.Equal(x.Shape, new FloatCrop(new CropSpec(pad.Left, pad.Right, pad.Top, pad.Bottom)).Forward(twin).Shape);
        ForEach(padded.Shape, (n, c, h, w) => Assert.Equal((padded[n, c, h, w] - Q.ZeroPoint) * Q.Scale, twin[n, c, h, w], 1e-5));
    }

    [Fact]
    public void Crops_that_leave_nothing_are_refused_and_the_centre_is_in_the_middle()
    {
        Assert.Throws<ArgumentException>(() => new CropSpec(2, 2, 0, 0).OutputShape(new Shape4(1, 1, 4, 4)));
        Assert.Equal(new CropSpec(1, 2, 0, 1), CropSpec.Center(new Shape4(1, 1, 4, 7), 3, 4));
    }

    [Fact]
    public void Flattening_orders_features_as_PyTorch_does()
    {
        var random = new Random(1);
        QuantizedTensor x = RandomTensor(random, new Shape4(2, 3, 4, 5));
        Assert.Equal(x.ToNchw(), new QuantizedFlatten(Q).Forward(x).Data);
        Assert.Equal(new Shape4(2, 60, 1, 1), new FloatFlatten().Forward(Quantizer.Dequantize(x)).Shape);
    }

    private static (int First, int Second, double Share) Neighbours(int target, int from, int to, double scale, UpsampleMode mode)
    {
        double source = mode == UpsampleMode.BilinearAlignCorners
            ? (to > 1 ? (double)(from - 1) / (to - 1) * target : 0)
            : Math.Max(0, (scale > 0 ? 1 / scale : (double)from / to) * (target + 0.5) - 0.5);
        int first = Math.Min((int)(source + 1e-6), from - 1);
        return (first, Math.Min(first + 1, from - 1), source - first);
    }

    private static PoolingSpec RandomPooling(Random random)
    {
        int height = random.Next(1, 4);
        int width = random.Next(1, 5);
        return new PoolingSpec(1)
        {
            KernelHeight = height,
            KernelWidth = width,
            StrideHeight = random.Next(1, 4),
            StrideWidth = random.Next(1, 4),
            PaddingHeight = random.Next(0, height / 2 + 1),
            PaddingWidth = random.Next(0, width / 2 + 1),
            CeilMode = random.Next(2) == 0,
        };
    }

    private static QuantizedTensor RandomTensor(Random random, Shape4 shape)
    {
        var tensor = new QuantizedTensor(shape, Q);
        random.NextBytes(tensor.Data);
        return tensor;
    }

    private static void ForEach(Shape4 shape, Action<int, int, int, int> action)
    {
        for (int i = 0; i < shape.Count; i++)
        {
            action(i / shape.W / shape.H / shape.C, i / shape.W / shape.H % shape.C, i / shape.W % shape.H, i % shape.W);
        }
    }

    private static void ForWindow(PoolingSpec spec, Shape4 from, int h, int w, Action<int, int> action)
    {
        for (int ky = 0; ky < spec.KernelHeight; ky++)
        {
            for (int kx = 0; kx < spec.KernelWidth; kx++)
            {
                int y = h * spec.StrideHeight - spec.PaddingHeight + ky * spec.DilationHeight;
                int x = w * spec.StrideWidth - spec.PaddingWidth + kx * spec.DilationWidth;
                if (y >= 0 && y < from.H && x >= 0 && x < from.W)
                {
                    action(y, x);
                }
            }
        }
    }
}
