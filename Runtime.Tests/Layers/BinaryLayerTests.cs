using System;
using FsCheck.Xunit;
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
    }

    private static QuantizedTensor Random(Random random, Shape4 shape)
    {
        var tensor = new QuantizedTensor(shape, new QuantizationParameters(0.01f + random.NextSingle() * 0.1f, random.Next(256)));
        random.NextBytes(tensor.Data);
        return tensor;
    }
}
