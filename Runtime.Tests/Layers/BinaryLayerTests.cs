using System;
using System.Runtime.Intrinsics;
using FsCheck.Xunit;
using Kernels.Execution;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Layers;

public class BinaryLayerTests
{
    [Fact]
    public void Golden_sums_are_equal()
    {
        foreach (GoldenCase golden in GoldenFile.Load("add"))
        {
            QuantizedTensor a = golden.Quantized("a", golden.Quantization("a"));
            QuantizedTensor b = golden.Quantized("b", golden.Quantization("b"));
            var layer = new QuantizedAdd(a.Quantization, b.Quantization, golden.Quantization("output"), golden.Bool("relu"));

            Assert.True(golden.Tensor("output").Bytes.SequenceEqual(layer.Forward(a, b).ToNchw()), golden.ToString());
        }
    }

    [Fact]
    public void Golden_concatenations_are_equal()
    {
        foreach (GoldenCase golden in GoldenFile.Load("cat"))
        {
            QuantizedTensor a = golden.Quantized("a", golden.Quantization("a"));
            QuantizedTensor b = golden.Quantized("b", golden.Quantization("b"));
            var layer = new QuantizedCat(golden.Int("axis"), [a.Quantization, b.Quantization], golden.Quantization("output"));

            Assert.True(golden.Tensor("output").Bytes.SequenceEqual(layer.Forward(a, b).ToNchw()), golden.ToString());
        }
    }

    [Property]
    public void Sums_and_products_are_their_formulas_and_near_their_float_twins(int seed)
    {
        var random = new Random(seed);
        var shape = new Shape4(random.Next(1, 4), random.Next(1, 40), random.Next(1, 12), random.Next(1, 12));
        Shape4 secondShape = random.Next(2) == 0 ? shape : shape with { H = 1, W = 1 };
        QuantizedTensor a = Random(random, shape);
        QuantizedTensor b = Random(random, secondShape);
        var output = new QuantizationParameters(0.01f + random.NextSingle() * 0.2f, random.Next(256));
        bool relu = random.Next(2) == 0;
        QuantizedTensor sum = new QuantizedAdd(a.Quantization, b.Quantization, output, relu).Forward(a, b);
        QuantizedTensor product = new QuantizedMul(a.Quantization, b.Quantization, output, relu).Forward(a, b);
        FloatTensor floatSum = new FloatAdd(relu).Forward(Quantizer.Dequantize(a), Quantizer.Dequantize(b));
        FloatTensor floatProduct = new FloatMul(relu).Forward(Quantizer.Dequantize(a), Quantizer.Dequantize(b));
        for (int i = 0; i < shape.Count; i++)
        {
            int k = secondShape == shape ? i : i / (shape.C * shape.H * shape.W) * shape.C + i % shape.C;
            int x = a.Data[i] - a.Quantization.ZeroPoint;
            int y = b.Data[k] - b.Quantization.ZeroPoint;
            float inverse = 1f / output.Scale;
            float realX = x * a.Quantization.Scale;
            float realY = y * b.Quantization.Scale;
            float real = realX + realY;
            Assert.Equal(relu ? MathF.Max(0f, real) : real, floatSum.Data[i]);
            Assert.Equal(relu ? MathF.Max(0f, realX * realY) : realX * realY, floatProduct.Data[i]);

            int lowest = relu ? output.ZeroPoint : 0;
            Assert.Equal(Math.Clamp((int)MathF.Round(real * inverse) + output.ZeroPoint, lowest, 255), sum.Data[i]);
            float multiplier = a.Quantization.Scale * b.Quantization.Scale * inverse;
            Assert.Equal(Math.Clamp((int)MathF.Round(x * y * multiplier) + output.ZeroPoint, lowest, 255), product.Data[i]);
        }
    }

    [Property]
    public void Inputs_of_any_shapes_that_fit_are_spread_as_PyTorch_does_on_every_width_of_vectors(int seed)
    {
        var random = new Random(seed);
        var whole = new Shape4(random.Next(1, 4), random.Next(1, 70), random.Next(1, 9), random.Next(1, 9));
        (Shape4 firstShape, Shape4 secondShape) = random.Next(3) switch
        {
            0 => (whole, whole with { N = random.Next(2) == 0 ? 1 : whole.N, H = 1, W = 1, C = random.Next(3) == 0 ? 1 : whole.C }),
            1 => (whole with { H = 1, W = 1 }, whole),
            _ => (Some(whole), Some(whole)),
        };
        QuantizedTensor a = Random(random, firstShape);
        QuantizedTensor b = Random(random, secondShape);
        var output = new QuantizationParameters(0.01f + random.NextSingle() * 0.2f, random.Next(256));
        bool relu = random.Next(2) == 0;
        foreach (LaneTier tier in Enum.GetValues<LaneTier>())
        {
            Check(new QuantizedAdd(a.Quantization, b.Quantization, output, relu, tier), new FloatAdd(relu), static (x, y) => x + y);
            Check(new QuantizedSub(a.Quantization, b.Quantization, output, relu, tier), new FloatSub(relu), static (x, y) => x - y);
            Check(new QuantizedDiv(a.Quantization, b.Quantization, output, relu, tier), new FloatDiv(relu), static (x, y) => x / y);
            float multiplier = a.Quantization.Scale * b.Quantization.Scale * (1f / output.Scale);
            Check(new QuantizedMul(a.Quantization, b.Quantization, output, relu, tier), new FloatMul(relu), static (x, y) => x * y, (x, y) => x * y * multiplier);
        }

        void Check(QuantizedBinaryLayer int8, FloatBinaryLayer twin, Func<float, float, float> function, Func<float, float, float>? ofCodes = null)
        {
            QuantizedTensor codes = int8.Forward(a, b);
            FloatTensor values = twin.Forward(Quantizer.Dequantize(a), Quantizer.Dequantize(b));
            Assert.Equal(new Shape4(Math.Max(firstShape.N, secondShape.N), Math.Max(firstShape.C, secondShape.C), Math.Max(firstShape.H, secondShape.H), Math.Max(firstShape.W, secondShape.W)), codes.Shape);
            Shape4 to = codes.Shape;
            for (int i = 0; i < to.Count; i++)
            {
                (int n, int c, int h, int w) = (i / to.W / to.H / to.C, i / to.W / to.H % to.C, i / to.W % to.H, i % to.W);
                int x = At(a, n, c, h, w) - a.Quantization.ZeroPoint;
                int y = At(b, n, c, h, w) - b.Quantization.ZeroPoint;
                float real = function(x * a.Quantization.Scale, y * b.Quantization.Scale);
                float steps = ofCodes is null ? real * (1f / output.Scale) : ofCodes(x, y);
                int expected = Quantizer.QuantizeScalar(steps, 1f, output.ZeroPoint, relu ? output.ZeroPoint : 0, 255);
                Assert.Equal(expected, codes[n, c, h, w]);
                Assert.Equal(relu && !(real > 0) && !float.IsNaN(real) ? 0f : real, values[n, c, h, w]);
            }
        }

        static int At(QuantizedTensor t, int n, int c, int h, int w) => t[Math.Min(n, t.Shape.N - 1), Math.Min(c, t.Shape.C - 1), Math.Min(h, t.Shape.H - 1), Math.Min(w, t.Shape.W - 1)];

        Shape4 Some(Shape4 shape) => new(One(shape.N), One(shape.C), One(shape.H), One(shape.W));

        int One(int size) => random.Next(3) == 0 ? 1 : size;
    }

    [Fact]
    public void Scales_beyond_all_sense_saturate_on_every_width_of_vectors()
    {
        (float First, float Second, float Output)[] scales = [(1e30f, 2e30f, 1e-30f), (3e38f, 3e38f, 1f), (1e-38f, 1e-38f, 3e38f), (1e10f, 1f, 1f)];
        foreach ((float first, float second, float output) in scales)
        {
            var p = new QuantizationParameters(first, 100);
            var q = new QuantizationParameters(second, 200);
            var r = new QuantizationParameters(output, 50);
            var a = new QuantizedTensor(new Shape4(1, 70, 1, 1), p);
            var b = new QuantizedTensor(a.Shape, q);
            new Random(1).NextBytes(a.Data);
            new Random(2).NextBytes(b.Data);
            a.Data[3] = 100;
            b.Data[3] = 200;
            for (int tier = 0; tier < 4; tier++)
            {
                Assert.Equal(new QuantizedAdd(p, q, r, false, LaneTier.Scalar).Forward(a, b).Data, new QuantizedAdd(p, q, r, false, (LaneTier)tier).Forward(a, b).Data);
                Assert.Equal(new QuantizedMul(p, q, r, false, LaneTier.Scalar).Forward(a, b).Data, new QuantizedMul(p, q, r, false, (LaneTier)tier).Forward(a, b).Data);
            }

            byte[] sums = new QuantizedAdd(p, q, r).Forward(a, b).Data.ToArray();
            for (int i = 0; i < sums.Length; i++)
            {
                float real = (a.Data[i] - 100) * first + (b.Data[i] - 200) * second;
                Assert.Equal(Quantizer.QuantizeScalar(real, 1f / output, 50, 0, 255), sums[i]);
            }
        }
    }

    [Fact]
    public void The_output_may_be_the_first_input_and_threads_change_nothing()
    {
        var random = new Random(3);
        QuantizedTensor a = Random(random, new Shape4(2, 13, 90, 91));
        QuantizedTensor b = Random(random, a.Shape);
        QuantizedTensor gate = Random(random, a.Shape with { H = 1, W = 1 });
        var add = new QuantizedAdd(a.Quantization, b.Quantization, a.Quantization);
        var mul = new QuantizedMul(a.Quantization, gate.Quantization, a.Quantization);
        byte[] sums = add.Forward(a, b).Data.ToArray();
        byte[] products = mul.Forward(a, gate).Data.ToArray();
        using (KernelThreads.Limit(3, workOfThread: 1))
        {
            byte[] place = a.Data.ToArray();
            add.Run(place, a.Shape, b.Data, b.Shape, place);
            Assert.Equal(sums, place);
            place = a.Data.ToArray();
            mul.Run(place, a.Shape, gate.Data, gate.Shape, place);
            Assert.Equal(products, place);
        }
    }

    [Property]
    public void Functions_behind_a_join_are_computed_in_real_units_and_rounded_once(int seed)
    {
        var random = new Random(seed);
        var shape = new Shape4(2, random.Next(1, 70), random.Next(1, 6), random.Next(1, 6));
        QuantizedTensor a = Random(random, shape);
        QuantizedTensor b = Random(random, random.Next(2) == 0 ? shape : shape with { H = 1, W = 1 });
        var output = new QuantizationParameters(0.01f + random.NextSingle() * 0.1f, random.Next(256));
        EpilogueParameters epilogue = RandomEpilogue.Of(random, shape.C);
        foreach (LaneTier tier in Enum.GetValues<LaneTier>())
        {
            QuantizedTensor sum = new QuantizedAdd(a.Quantization, b.Quantization, output, false, tier, epilogue).Forward(a, b);
            QuantizedTensor product = new QuantizedMul(a.Quantization, b.Quantization, output, false, tier, epilogue).Forward(a, b);
            for (int i = 0; i < shape.Count; i++)
            {
                int c = i % shape.C;
                int k = b.Shape == shape ? i : i / (shape.C * shape.H * shape.W) * shape.C + c;
                int x = a.Data[i] - a.Quantization.ZeroPoint;
                int y = b.Data[k] - b.Quantization.ZeroPoint;
                float first = x * a.Quantization.Scale;
                float second = y * b.Quantization.Scale;
                float scales = a.Quantization.Scale * b.Quantization.Scale;
                Assert.Equal(RandomEpilogue.Code(epilogue, first + second, c, output), sum.Data[i]);
                Assert.Equal(RandomEpilogue.Code(epilogue, x * y * scales, c, output), product.Data[i]);
            }
        }
    }

    [Fact]
    public unsafe void A_sixth_is_the_rounded_quotient_for_every_mantissa()
    {
        float* values = stackalloc float[16];
        float* results = stackalloc float[16];
        var random = new Random(1);
        for (int i = 0; i < 1 << 19; i++)
        {
            for (int lane = 0; lane < 16; lane++)
            {
                // All mantissas, at magnitudes that codes and their functions have.
                values[lane] = BitConverter.Int32BitsToSingle(((i << 4) + lane) | (random.Next(100, 160) << 23));
            }

            CodeLanes256.DivideBySix(Vector256.Load(values)).Store(results);
            CodeLanes256.DivideBySix(Vector256.Load(values + 8)).Store(results + 8);
            for (int lane = 0; lane < 16; lane++)
            {
                Assert.True(values[lane] / 6f == results[lane], $"{values[lane]}");
            }
        }
    }

    [Fact]
    public void Functions_that_do_not_fit_are_refused()
    {
        var q = new QuantizationParameters(0.5f, 3);
        var a = new QuantizedTensor(new Shape4(1, 2, 3, 4), q);
        var add = new EpilogueParameters([EpilogueStep.Add], q);
        var three = new EpilogueParameters([EpilogueStep.ChannelAffine([1f, 2f, 3f], [0f, 0f, 0f])]);
        Assert.Throws<ArgumentException>(() => new QuantizedAdd(q, q, q, add));
        Assert.Throws<ArgumentException>(() => new QuantizedGlobalAvgPool2d(q, q, add));
        Assert.Throws<ArgumentException>(() => new QuantizedMul(q, q, q, three).Forward(a, a));
        Assert.Throws<ArgumentException>(() => new QuantizedGlobalAvgPool2d(q, q, three).Forward(a));
        Assert.Throws<ArgumentException>(() => new QuantizedUpsampleAdd(UpsampleSpec.ByFactor(UpsampleMode.Bilinear, 2), q, q, q));
        Assert.Throws<ArgumentException>(() => new QuantizedUpsampleAdd(UpsampleSpec.ByFactor(UpsampleMode.Nearest, 2), q, q, q).Forward(a, a));
    }

    [Property]
    public void Upsampling_and_adding_in_one_pass_gives_the_codes_of_both(int seed)
    {
        var random = new Random(seed);
        QuantizedTensor small = Random(random, new Shape4(2, random.Next(1, 40), random.Next(1, 6), random.Next(1, 6)));
        UpsampleSpec spec = random.Next(2) == 0
            ? UpsampleSpec.ByFactor(UpsampleMode.Nearest, 2)
            : UpsampleSpec.ToSize(UpsampleMode.NearestExact, random.Next(1, 15), random.Next(1, 15));
        QuantizedTensor large = Random(random, spec.OutputShape(small.Shape));
        var output = new QuantizationParameters(0.01f + random.NextSingle() * 0.2f, random.Next(256));
        bool relu = random.Next(2) == 0;
        QuantizedTensor stretched = new QuantizedUpsample(spec, small.Quantization).Forward(small);
        byte[] expected = new QuantizedAdd(large.Quantization, small.Quantization, output, relu).Forward(large, stretched).Data.ToArray();
        foreach (LaneTier tier in Enum.GetValues<LaneTier>())
        {
            using (KernelThreads.Limit(random.Next(1, 4), workOfThread: 1))
            {
                Assert.Equal(expected, new QuantizedUpsampleAdd(spec, large.Quantization, small.Quantization, output, relu, null, tier).Forward(large, small).Data);
            }
        }
    }

    [Property]
    public void Concatenation_of_other_scales_requantizes_each_input(int seed)
    {
        var random = new Random(seed);
        int axis = random.Next(4);
        var shape = new Shape4(random.Next(1, 3), random.Next(1, 40), random.Next(1, 20), random.Next(1, 20));
        QuantizedTensor a = Random(random, shape);
        QuantizedTensor b = Random(random, shape with { C = axis == 1 ? random.Next(1, 600) : shape.C });
        var output = new QuantizationParameters(0.01f + random.NextSingle() * 0.1f, random.Next(256));
        QuantizedTensor whole = new QuantizedCat(axis, [a.Quantization, b.Quantization], output).Forward(a, b);
        FloatTensor twin = new FloatCat(axis).Forward(Quantizer.Dequantize(a), Quantizer.Dequantize(b));

        Assert.Equal(Quantizer.Quantize(twin, output).Data, whole.Data);
    }

    [Property]
    public void Constants_of_channels_give_their_formulas_on_every_width_of_vectors(int seed)
    {
        var random = new Random(seed);
        var shape = new Shape4(2, random.Next(1, 140), random.Next(1, 5), random.Next(1, 9));
        QuantizedTensor x = Random(random, shape);
        var output = new QuantizationParameters(0.01f + random.NextSingle() * 0.2f, random.Next(256));
        int channels = random.Next(2) == 0 ? 1 : shape.C;
        float[] scale = Floats(random, channels);
        float[] shift = Floats(random, random.Next(2) == 0 ? 1 : channels);
        var affine = new AffineParameters(scale, shift);
        FloatTensor real = Quantizer.Dequantize(x);
        FloatTensor twin = new FloatAffine(affine).Forward(real);
        FloatTensor slopes = new FloatPRelu(scale).Forward(real);
        foreach (LaneTier tier in Enum.GetValues<LaneTier>())
        {
            QuantizedTensor y = new QuantizedAffine(affine, x.Quantization, output, tier).Forward(x);
            QuantizedTensor z = new QuantizedPRelu(scale, x.Quantization, output, tier).Forward(x);
            for (int i = 0; i < shape.Count; i++)
            {
                int c = i % shape.C;
                float product = real.Data[i] * scale[c % channels];
                float sum = product + shift[c % shift.Length];
                Assert.Equal(sum, twin.Data[i]);
                Assert.Equal(Quantizer.QuantizeScalar(sum, 1f / output.Scale, output.ZeroPoint, 0, 255), y.Data[i]);
                float slope = real.Data[i] > 0 ? real.Data[i] : product;
                Assert.Equal(slope, slopes.Data[i]);
                Assert.Equal(Quantizer.QuantizeScalar(slope, 1f / output.Scale, output.ZeroPoint, 0, 255), z.Data[i]);
            }
        }
    }

    [Property]
    public void A_matrix_product_is_the_sum_over_columns_and_rows(int seed)
    {
        var random = new Random(seed);
        (int n, int c, int rows, int inner, int columns) = (random.Next(1, 3), random.Next(1, 4), random.Next(1, 9), random.Next(1, 9), random.Next(1, 40));
        var firstShape = new Shape4(random.Next(2) == 0 ? 1 : n, random.Next(2) == 0 ? 1 : c, rows, inner);
        var secondShape = new Shape4(n, c, inner, columns);
        var a = new FloatTensor(firstShape, Floats(random, firstShape.Count));
        var b = new FloatTensor(secondShape, Floats(random, secondShape.Count));
        FloatTensor product = new FloatMatMul().Forward(a, b);

        Assert.Equal(new Shape4(n, c, rows, columns), product.Shape);
        for (int i = 0; i < product.Data.Length; i++)
        {
            (int image, int channel, int y, int x) = (i / columns / rows / c, i / columns / rows % c, i / columns % rows, i % columns);
            double sum = 0;
            for (int k = 0; k < inner; k++)
            {
                sum += (double)a[Math.Min(image, firstShape.N - 1), Math.Min(channel, firstShape.C - 1), y, k] * b[image, channel, k, x];
            }

            Assert.Equal(sum, product[image, channel, y, x], 1e-5);
        }

        Assert.Throws<ArgumentException>(() => new FloatMatMul().Forward(a, new FloatTensor(secondShape with { H = inner + 1 })));
    }

    [Property]
    public void Concatenation_puts_every_element_at_its_place_along_any_axis(int seed)
    {
        var random = new Random(seed);
        int axis = random.Next(-4, 4);
        var shape = new Shape4(random.Next(1, 4), random.Next(1, 6), random.Next(1, 6), random.Next(1, 6));
        var inputs = new FloatTensor[random.Next(1, 4)];
        var codes = new QuantizedTensor[inputs.Length];
        var quantization = new QuantizationParameters(1f, 5);
        for (int i = 0; i < inputs.Length; i++)
        {
            int size = random.Next(1, 5);
            Shape4 one = ((axis + 4) % 4) switch { 0 => shape with { N = size }, 1 => shape with { C = size }, 2 => shape with { H = size }, _ => shape with { W = size } };
            codes[i] = new QuantizedTensor(one, quantization);
            random.NextBytes(codes[i].Data);
            inputs[i] = Quantizer.Dequantize(codes[i]);
        }

        FloatTensor whole = new FloatCat(axis).Forward(inputs);
        var same = new QuantizationParameters[inputs.Length];
        same.AsSpan().Fill(quantization);
        QuantizedTensor wholeCodes = new QuantizedCat(axis, same, quantization).Forward(codes);
        Assert.Equal(whole.ToNchw(), Quantizer.Dequantize(wholeCodes).ToNchw());

        int offset = 0;
        foreach (FloatTensor input in inputs)
        {
            Shape4 s = input.Shape;
            for (int i = 0; i < s.Count; i++)
            {
                int w = i % s.W, h = i / s.W % s.H, c = i / s.W / s.H % s.C, n = i / s.W / s.H / s.C;
                float actual = ((axis + 4) % 4) switch
                {
                    0 => whole[n + offset, c, h, w],
                    1 => whole[n, c + offset, h, w],
                    2 => whole[n, c, h + offset, w],
                    _ => whole[n, c, h, w + offset],
                };
                Assert.Equal(input[n, c, h, w], actual);
            }

            offset += ((axis + 4) % 4) switch { 0 => s.N, 1 => s.C, 2 => s.H, _ => s.W };
        }
    }

    [Fact]
    public void Inputs_that_do_not_fit_are_refused()
    {
        var q = new QuantizationParameters(0.5f, 3);
        var other = new QuantizationParameters(0.25f, 3);
        var a = new QuantizedTensor(new Shape4(1, 2, 3, 4), q);
        Assert.Throws<ArgumentException>(() => new QuantizedAdd(q, q, q).Forward(a, new QuantizedTensor(new Shape4(1, 2, 3, 5), q)));
        Assert.Throws<ArgumentException>(() => new QuantizedAdd(q, q, q).Forward(a, new QuantizedTensor(a.Shape, other)));
        Assert.Throws<ArgumentException>(() => new QuantizedCat(1, [q, q], q).Forward(a, new QuantizedTensor(new Shape4(1, 2, 3, 5), q)));
        Assert.Throws<ArgumentException>(() => new QuantizedCat(1, [q, q], q).Forward(a, new QuantizedTensor(a.Shape, other)));
        Assert.Throws<ArgumentException>(() => new QuantizedCat(1, [q, q], q).Forward(a));
        Assert.Throws<ArgumentException>(() => new FloatCat(1).Forward());
        Assert.Throws<ArgumentOutOfRangeException>(() => new FloatCat(4));
        Assert.Throws<ArgumentException>(() => new AffineParameters([1f, 2f], [1f, 2f, 3f]));
        Assert.Throws<ArgumentException>(() => new AffineParameters([float.NaN], [1f]));
        Assert.Throws<ArgumentException>(() => new QuantizedAffine(new AffineParameters([1f, 2f, 3f], [0f]), q, q).Forward(a));
        Assert.Throws<ArgumentException>(() => new FloatPRelu([]));
    }

    private static QuantizedTensor Random(Random random, Shape4 shape)
    {
        var tensor = new QuantizedTensor(shape, new QuantizationParameters(0.01f + random.NextSingle() * 0.1f, random.Next(256)));
        random.NextBytes(tensor.Data);
        return tensor;
    }

    private static float[] Floats(Random random, int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = random.NextSingle() * 4 - 2;
        }

        return values;
    }
}
