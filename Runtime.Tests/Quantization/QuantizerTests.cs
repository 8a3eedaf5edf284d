using System;
using System.Linq;
using FsCheck.Xunit;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Quantization;

public class QuantizerTests
{
    private static readonly float[] Special =
        [0f, -0f, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 1e9f, -1e9f, 3e38f, -3e38f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, 127.5f, 254.5f];

    [Fact]
    public void Halves_round_to_even_before_the_zero_point_is_added()
    {
        var codes = new byte[4];
        Quantizer.Quantize([0.5f, 1.5f, 2.5f, -0.5f], new QuantizationParameters(1, 3), codes);
        Assert.Equal(new byte[] { 3, 5, 5, 3 }, codes);
    }

    [Fact]
    public void Infinities_saturate_and_NaN_becomes_the_zero_point()
    {
        var unsigned = new byte[3];
        var signed = new sbyte[3];
        float[] values = [float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        Quantizer.Quantize(values, new QuantizationParameters(0.1f, 187), unsigned);
        Quantizer.Quantize(values, new QuantizationParameters(0.1f, -7), signed);
        Assert.Equal(new byte[] { 255, 0, 187 }, unsigned);
        Assert.Equal(new sbyte[] { 127, -128, -7 }, signed);
    }

    [Property]
    public void Every_length_and_vector_width_equals_the_scalar_formula(int seed)
    {
        var random = new Random(seed);
        var values = new float[random.Next(0, 300)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.Next(4) == 0 ? Special[random.Next(Special.Length)] : (float)(random.NextDouble() * 40 - 20);
        }

        var unsignedParameters = new QuantizationParameters(MathF.Pow(10, random.Next(-4, 2)) * (1 + random.NextSingle()), random.Next(256));
        var signedParameters = new QuantizationParameters(unsignedParameters.Scale, unsignedParameters.ZeroPoint - 128);
        var unsigned = new byte[values.Length];
        var signed = new sbyte[values.Length];
        Quantizer.Quantize(values, unsignedParameters, unsigned);
        Quantizer.Quantize(values, signedParameters, signed);
        var divided = new byte[values.Length];
        Quantizer.Quantize(values, unsignedParameters, divided, Int8Arithmetic.OnnxRuntime);

        Assert.Equal(values.Select(x => Expected(x, unsignedParameters, 0, 255)), unsigned.Select(static c => (int)c));
        Assert.Equal(values.Select(x => Expected(x, signedParameters, -128, 127)), signed.Select(static c => (int)c));
        Assert.Equal(values.Select(x => Rounded(x / unsignedParameters.Scale, unsignedParameters, 0, 255)), divided.Select(static c => (int)c));
    }

    [Property]
    public void Dequantizing_equals_the_scalar_formula(byte[] codes, byte zeroPoint)
    {
        codes = [.. codes, .. codes, .. codes];
        sbyte[] signed = [.. codes.Select(static c => (sbyte)(c - 128))];
        var parameters = new QuantizationParameters(0.3f, zeroPoint);
        var signedParameters = new QuantizationParameters(0.3f, zeroPoint - 128);
        var real = new float[codes.Length];
        var signedReal = new float[codes.Length];
        Quantizer.Dequantize(codes, parameters, real);
        Quantizer.Dequantize(signed, signedParameters, signedReal);

        Assert.Equal(codes.Select(c => (c - zeroPoint) * 0.3f), real);
        Assert.Equal(real, signedReal);
    }

    [Fact]
    public void A_tensor_survives_quantization_within_half_a_step()
    {
        var tensor = new FloatTensor(new Shape4(1, 2, 3, 4), [.. Enumerable.Range(0, 24).Select(static i => i * 0.1f)]);
        FloatTensor restored = Quantizer.Dequantize(Quantizer.Quantize(tensor, new QuantizationParameters(0.02f, 10)));
        Assert.All(Enumerable.Range(0, 24), i => Assert.InRange(restored.Data[i], tensor.Data[i] - 0.0101f, tensor.Data[i] + 0.0101f));
    }

    [Fact]
    public void What_cannot_be_quantized_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Quantizer.Quantize(new float[2], new QuantizationParameters(1, 0), new byte[1]));
        Assert.Throws<ArgumentException>(() => Quantizer.Dequantize(new byte[2], new QuantizationParameters(1, 0), new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantizer.Quantize(new float[2], new QuantizationParameters(1, -1), new byte[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantizer.Quantize(new float[2], new QuantizationParameters(1, 128), new sbyte[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantizer.Quantize(new float[2], default, new byte[2]));
    }

    private static int Expected(float value, QuantizationParameters parameters, int min, int max) => Rounded(value * (1f / parameters.Scale), parameters, min, max);

    private static int Rounded(float steps, QuantizationParameters parameters, int min, int max)
    {
        double rounded = Math.Round((double)steps);
        return double.IsNaN(rounded) ? parameters.ZeroPoint : (int)Math.Clamp(rounded + parameters.ZeroPoint, min, max);
    }
}
