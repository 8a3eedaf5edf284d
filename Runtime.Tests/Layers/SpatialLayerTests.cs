using System;
using FsCheck.Xunit;
using Kernels.Generic;
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
        foreach (LaneTier tier in Enum.GetValues<LaneTier>())
        {
            Assert.Equal(y.Data, new QuantizedAvgPool2d(spec, Q, Q, null, tier).Forward(x).Data);
            Assert.Equal(new QuantizedGlobalAvgPool2d(Q).Forward(x).Data, new QuantizedGlobalAvgPool2d(Q, Q, null, tier).Forward(x).Data);
        }

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
    public void Windows_larger_than_sixteen_bits_or_than_the_image_are_summed_too()
    {
        QuantizedTensor x = RandomTensor(new Random(1), new Shape4(2, 5, 40, 37));
        x.Data.Fill(255);
        x.Data[0] = 0;
        Assert.Equal(
            new QuantizedAvgPool2d(new PoolingSpec(40) with { KernelWidth = 37 }, Q).Forward(x).Data,
            new QuantizedGlobalAvgPool2d(Q).Forward(x).Data);
        Assert.Equal([254], new QuantizedAvgPool2d(new PoolingSpec(17, 1), Q).Forward(x).Data[..1].ToArray());
        Assert.Equal([255], new QuantizedAvgPool2d(new PoolingSpec(17, 1), Q).Forward(x).Data[1..2].ToArray());
        Assert.Equal([255], new QuantizedMaxPool2d(new PoolingSpec(100, 60, 50), Q).Forward(x).Data[..1].ToArray());
    }

    [Fact]
    public void Pooling_and_scaling_on_several_threads_change_nothing()
    {
        foreach (int channels in (int[])[1, 3, 16, 37])
        {
            QuantizedTensor x = RandomTensor(new Random(channels), new Shape4(3, channels, 61, 67));
            QuantizedLayer[] layers =
            [
                new QuantizedMaxPool2d(new PoolingSpec(3, 2, 1), Q), new QuantizedAvgPool2d(new PoolingSpec(3, 2, 1), Q), new QuantizedGlobalAvgPool2d(Q),
                new QuantizedUpsample(UpsampleSpec.ByFactor(UpsampleMode.Nearest, 2), Q), new QuantizedMean(new MeanSpec(1), Q),
            ];
            foreach (QuantizedLayer layer in layers)
            {
                byte[] alone = layer.Forward(x).Data.ToArray();
                using (KernelThreads.Limit(3, workOfThread: 1))
                {
                    Assert.Equal(alone, layer.Forward(x).Data);
                }
            }
        }
    }

    [Property]
    public void Functions_behind_a_mean_are_computed_in_real_units_and_rounded_once(int seed)
    {
        var random = new Random(seed);
        QuantizedTensor x = RandomTensor(random, new Shape4(2, random.Next(1, 70), random.Next(5, 12), random.Next(5, 12)));
        var spec = new PoolingSpec(3, random.Next(1, 3), 1);
        EpilogueParameters epilogue = RandomEpilogue.Of(random, x.Shape.C);
        var output = new QuantizationParameters(0.01f + random.NextSingle() * 0.05f, random.Next(256));
        foreach (LaneTier tier in Enum.GetValues<LaneTier>())
        {
            QuantizedTensor y = new QuantizedAvgPool2d(spec, Q, output, epilogue, tier).Forward(x);
            QuantizedTensor mean = new QuantizedGlobalAvgPool2d(Q, output, epilogue, tier).Forward(x);
            ForEach(y.Shape, (n, c, h, w) =>
            {
                int sum = 0;
                ForWindow(spec, x.Shape, h, w, (iy, ix) => sum += x[n, c, iy, ix] - Q.ZeroPoint);
                int bottom = Math.Min(h * spec.StrideHeight + 2, x.Shape.H + 1);
                int right = Math.Min(w * spec.StrideWidth + 2, x.Shape.W + 1);
                int divisor = (bottom - h * spec.StrideHeight + 1) * (right - w * spec.StrideWidth + 1);
                Assert.Equal(RandomEpilogue.Code(epilogue, sum * (Q.Scale / divisor), c, output), y[n, c, h, w]);
            });
            ForEach(mean.Shape, (n, c, h, w) =>
            {
                int sum = 0;
                ForEach(x.Shape with { N = 1, C = 1 }, (_, _, iy, ix) => sum += x[n, c, iy, ix] - Q.ZeroPoint);
                Assert.Equal(RandomEpilogue.Code(epilogue, sum * (Q.Scale / (x.Shape.H * x.Shape.W)), c, output), mean[n, c, h, w]);
            });
        }
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
    public void Adaptive_pooling_covers_the_image_with_as_many_windows_as_wanted(int seed)
    {
        var random = new Random(seed);
        QuantizedTensor x = RandomTensor(random, new Shape4(2, random.Next(1, 70), random.Next(1, 12), random.Next(1, 12)));
        var spec = new AdaptivePoolingSpec(random.Next(4) == 0 ? null : random.Next(1, 15), random.Next(4) == 0 ? null : random.Next(1, 15));
        QuantizedTensor y = new QuantizedAdaptiveAvgPool2d(spec, Q).Forward(x);
        FloatTensor twin = new FloatAdaptiveAvgPool2d(spec).Forward(Quantizer.Dequantize(x));
        Assert.Equal(new Shape4(2, x.Shape.C, spec.Height ?? x.Shape.H, spec.Width ?? x.Shape.W), y.Shape);
        ForEach(y.Shape, (n, c, h, w) =>
        {
            (int top, int bottom) = ((int)Math.Floor((double)h * x.Shape.H / y.Shape.H), (int)Math.Ceiling((h + 1.0) * x.Shape.H / y.Shape.H));
            (int left, int right) = ((int)Math.Floor((double)w * x.Shape.W / y.Shape.W), (int)Math.Ceiling((w + 1.0) * x.Shape.W / y.Shape.W));
            int sum = 0;
            ForEach(new Shape4(1, 1, bottom - top, right - left), (_, _, i, j) => sum += x[n, c, top + i, left + j] - Q.ZeroPoint);
            int count = (bottom - top) * (right - left);
            Assert.Equal(Math.Clamp((int)MathF.Round(sum * (1f / count)) + Q.ZeroPoint, 0, 255), y[n, c, h, w]);
            Assert.Equal((double)sum / count * Q.Scale, twin[n, c, h, w], 1e-4);
        });
    }

    [Property]
    public void A_mean_is_over_the_axes_that_were_chosen(int seed)
    {
        var random = new Random(seed);
        QuantizedTensor x = RandomTensor(random, new Shape4(2, random.Next(1, 150), random.Next(1, 9), random.Next(1, 9)));
        int chosen = random.Next(1, 8);
        int[] axes = [.. Axes(chosen)];
        var spec = new MeanSpec(axes);
        QuantizedTensor y = new QuantizedMean(spec, Q).Forward(x);
        FloatTensor twin = new FloatMean(spec).Forward(Quantizer.Dequantize(x));
        Shape4 image = x.Shape with { N = 1 };
        ForEach(y.Shape, (n, c, h, w) =>
        {
            double sum = 0;
            int count = 0;
            ForEach(image, (_, i, j, k) =>
            {
                if ((spec.Channels || i == c) && (spec.Rows || j == h) && (spec.Columns || k == w))
                {
                    sum += x[n, i, j, k] - Q.ZeroPoint;
                    count++;
                }
            });
            Assert.Equal(sum / count * Q.Scale, twin[n, c, h, w], 1e-4);
            Assert.True(Math.Abs(sum / count + Q.ZeroPoint - y[n, c, h, w]) < 0.5001);
        });

        Assert.Throws<ArgumentException>(() => new MeanSpec());
        Assert.Throws<ArgumentException>(() => new MeanSpec(0));
        Assert.Throws<ArgumentException>(() => new MeanSpec(2, -2));

        static System.Collections.Generic.IEnumerable<int> Axes(int bits)
        {
            for (int axis = 1; axis < 4; axis++)
            {
                if ((bits >> (axis - 1) & 1) != 0)
                {
                    yield return axis % 2 == 0 ? axis - 4 : axis;
                }
            }
        }
    }

    [Property]
    public void Resizing_follows_the_convention_of_coordinates_and_rounding(int seed)
    {
        var random = new Random(seed);
        QuantizedTensor x = RandomTensor(random, new Shape4(2, random.Next(1, 40), random.Next(1, 9), random.Next(1, 9)));
        bool isNearest = random.Next(2) == 0;
        UpsampleSpec spec = UpsampleSpec.ToSize(isNearest ? UpsampleMode.Nearest : UpsampleMode.Bilinear, random.Next(1, 20), random.Next(1, 20)) with
        {
            Coordinates = (PixelCoordinates)random.Next(4),
            Rounding = (NearestRounding)random.Next(4),
        };
        QuantizedTensor y = new QuantizedUpsample(spec, Q).Forward(x);
        FloatTensor twin = new FloatUpsample(spec).Forward(Quantizer.Dequantize(x));
        ForEach(y.Shape, (n, c, h, w) =>
        {
            double row = Place(h, x.Shape.H, y.Shape.H);
            double column = Place(w, x.Shape.W, y.Shape.W);
            if (!isNearest)
            {
                row = Math.Clamp(row, 0, x.Shape.H - 1);
                column = Math.Clamp(column, 0, x.Shape.W - 1);
                (int top, int left) = ((int)row, (int)column);
                (int bottom, int right) = (Math.Min(top + 1, x.Shape.H - 1), Math.Min(left + 1, x.Shape.W - 1));
                (double v, double u) = (row - top, column - left);
                double code = (1 - v) * ((1 - u) * x[n, c, top, left] + u * x[n, c, top, right]) + v * ((1 - u) * x[n, c, bottom, left] + u * x[n, c, bottom, right]);
                Assert.True(Math.Abs(code - y[n, c, h, w]) < 0.501, $"{spec} {x.Shape} {code} {y[n, c, h, w]}");
            }
            else if (!IsTie(row) && !IsTie(column))
            {
                // Beside ties float32 may fall to the other side.
                Assert.Equal(x[n, c, Round(row, x.Shape.H), Round(column, x.Shape.W)], y[n, c, h, w]);
            }

            if (isNearest)
            {
                Assert.Equal((y[n, c, h, w] - Q.ZeroPoint) * Q.Scale, twin[n, c, h, w]);
            }
        });

        double Place(int target, int from, int to) => spec.Coordinates switch
        {
            PixelCoordinates.HalfPixel => (target + 0.5) * from / to - 0.5,
            PixelCoordinates.HalfPixelOrZero => to == 1 ? 0 : (target + 0.5) * from / to - 0.5,
            PixelCoordinates.AlignCorners => to == 1 ? 0 : target * (from - 1.0) / (to - 1),
            _ => (double)target * from / to,
        };

        int Round(double place, int size) => (int)Math.Clamp(
            spec.Rounding switch
            {
                NearestRounding.Floor => Math.Floor(place),
                NearestRounding.Ceil => Math.Ceiling(place),
                NearestRounding.RoundPreferFloor => Math.Ceiling(place - 0.5),
                _ => Math.Floor(place + 0.5),
            },
            0,
            size - 1);

        bool IsTie(double place) => Math.Abs(place * 2 - Math.Round(place * 2)) < 1e-5;
    }

    [Fact]
    public void Ties_of_exact_coordinates_go_where_the_rounding_says()
    {
        // Half the size by half pixels: all places lie half between.
        var x = new FloatTensor(new Shape4(1, 1, 1, 6), [0f, 1f, 2f, 3f, 4f, 5f]);
        UpsampleSpec half = UpsampleSpec.ByFactor(UpsampleMode.Nearest, 1, 0.5) with { Coordinates = PixelCoordinates.HalfPixel };
        Assert.Equal([0f, 2f, 4f], Resize(half));
        Assert.Equal([1f, 3f, 5f], Resize(half with { Rounding = NearestRounding.Ceil }));
        Assert.Equal([0f, 2f, 4f], Resize(half with { Rounding = NearestRounding.RoundPreferFloor }));
        Assert.Equal([1f, 3f, 5f], Resize(half with { Rounding = NearestRounding.RoundPreferCeil }));
        Assert.Equal([1f, 3f, 5f], Resize(UpsampleSpec.ByFactor(UpsampleMode.NearestExact, 1, 0.5)));
        Assert.Equal([0f, 3f], Resize(UpsampleSpec.ToSize(UpsampleMode.Nearest, 1, 2)));
        Assert.Equal([0f, 5f], Resize(UpsampleSpec.ToSize(UpsampleMode.Nearest, 1, 2) with { Coordinates = PixelCoordinates.AlignCorners }));

        float[] Resize(UpsampleSpec spec) => new FloatUpsample(spec).Forward(x).ToNchw();
    }

    [Property]
    public void A_slice_takes_every_so_manieth_element_of_an_axis(int seed)
    {
        var random = new Random(seed);
        QuantizedTensor x = RandomTensor(random, new Shape4(random.Next(1, 5), random.Next(1, 40), random.Next(1, 9), random.Next(1, 9)));
        int axis = random.Next(4);
        int size = axis switch { 0 => x.Shape.N, 1 => x.Shape.C, 2 => x.Shape.H, _ => x.Shape.W };
        int start = random.Next(size);
        int end = random.Next(start + 1, size + 1);
        int step = random.Next(1, 4);
        var spec = new SliceSpec(random.Next(2) == 0 ? axis : axis - 4, random.Next(2) == 0 ? start : start - size, end == size ? int.MaxValue : random.Next(2) == 0 ? end : end - size, step);
        QuantizedTensor y = new QuantizedSlice(spec, Q).Forward(x);
        Assert.Equal((end - start + step - 1) / step, axis switch { 0 => y.Shape.N, 1 => y.Shape.C, 2 => y.Shape.H, _ => y.Shape.W });
        ForEach(y.Shape, (n, c, h, w) =>
        {
            int Along(int index, int which) => which == axis ? start + index * step : index;
            Assert.Equal(x[Along(n, 0), Along(c, 1), Along(h, 2), Along(w, 3)], y[n, c, h, w]);
        });
        Assert.Equal(Quantizer.Dequantize(y).ToNchw(), new FloatSlice(spec).Forward(Quantizer.Dequantize(x)).ToNchw());
        Assert.Throws<ArgumentException>(() => new SliceSpec(axis, size, int.MaxValue).OutputShape(x.Shape));
        Assert.Throws<ArgumentException>(() => new SliceSpec(axis, Step: 0).OutputShape(x.Shape));
    }

    [Property]
    public void Shuffled_pixels_lie_where_PyTorch_and_ONNX_put_them_and_come_back(int seed)
    {
        var random = new Random(seed);
        var spec = new PixelShuffleSpec(random.Next(1, 4)) { PixelsFirst = random.Next(2) == 0 };
        int r = spec.Factor;
        QuantizedTensor x = RandomTensor(random, new Shape4(2, random.Next(1, 20) * r * r, random.Next(1, 6), random.Next(1, 6)));
        QuantizedTensor y = new QuantizedPixelShuffle(spec, Q).Forward(x);
        ForEach(y.Shape, (n, c, h, w) =>
        {
            int place = h % r * r + w % r;
            Assert.Equal(x[n, spec.PixelsFirst ? place * y.Shape.C + c : c * r * r + place, h / r, w / r], y[n, c, h, w]);
        });
        Assert.Equal(x.ToNchw(), new QuantizedPixelUnshuffle(spec, Q).Forward(y).ToNchw());
        Assert.Equal(Quantizer.Dequantize(y).ToNchw(), new FloatPixelShuffle(spec).Forward(Quantizer.Dequantize(x)).ToNchw());
        Assert.Throws<ArgumentException>(() => new PixelShuffleSpec(2).LargeShape(new Shape4(1, 6, 1, 1)));
        Assert.Throws<ArgumentException>(() => new PixelShuffleSpec(2).SmallShape(new Shape4(1, 6, 2, 3)));
        Assert.Throws<ArgumentException>(() => new PixelShuffleSpec(0).SmallShape(new Shape4(1, 6, 2, 2)));
    }

    [Fact]
    public void Reshaping_keeps_PyTorchs_order_of_elements()
    {
        QuantizedTensor x = RandomTensor(new Random(4), new Shape4(2, 6, 4, 5));
        QuantizedTensor y = new QuantizedReshape(new ReshapeSpec(10, -1, 3), Q).Forward(x);
        Assert.Equal(new Shape4(2, 10, 4, 3), y.Shape);
        Assert.Equal(x.ToNchw(), y.ToNchw());
        Assert.Equal(x.ToNchw(), new QuantizedReshape(new ReshapeSpec(-1), Q).Forward(x).Data);
        Assert.Equal(new QuantizedFlatten(Q).Forward(x).Data, new QuantizedReshape(new ReshapeSpec(120), Q).Forward(x).Data);
        Assert.Throws<ArgumentException>(() => new ReshapeSpec(7, -1).OutputShape(x.Shape));
        Assert.Throws<ArgumentException>(() => new ReshapeSpec(-1, -1).OutputShape(x.Shape));
        Assert.Throws<ArgumentException>(() => new ReshapeSpec(0, -1).OutputShape(x.Shape));
        Assert.Throws<ArgumentException>(() => new ReshapeSpec(int.MaxValue, int.MaxValue, int.MaxValue).OutputShape(x.Shape));
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
