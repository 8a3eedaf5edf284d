using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;
using Kernels.Models;
using Kernels.Onnx.Lowering;
using Kernels.Onnx.Protos;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Onnx.Tests;

/// <summary>Quantized files in ONNX Runtime's arithmetic, against ONNX Runtime.</summary>
public sealed class ArithmeticTests
{
    private const int Float = 1;
    private const int UInt8 = 2;
    private const int Int8 = 3;
    private const int Int32 = 6;

    // A scale whose float32 inverse is far from exact.
    private const float Scale = 0.0078431377f;

    [Fact]
    public void Numbers_next_to_halves_of_a_step_become_the_codes_of_a_division()
    {
        byte[] file = File([Node("QuantizeLinear", ["x", "scale", "zero"], "codes"), Node("DequantizeLinear", ["codes", "scale", "zero"], "kept"), Node("Identity", ["kept"], "y")]);
        float[] input = NextToHalves();

        float[] expected = Reference(file, input);

        Assert.Equal(expected, Int8Model(file, Int8Arithmetic.OnnxRuntime, input));
        Assert.NotEqual(expected, Int8Model(file, Int8Arithmetic.PyTorch, input));
    }

    [Fact]
    public void Codes_of_a_concatenation_in_another_scale_are_those_of_a_division()
    {
        byte[] file = File(
        [
            Node("QuantizeLinear", ["x", "scale", "zero"], "codes"),
            Node("DequantizeLinear", ["codes", "scale", "zero"], "real"),
            Axis(Node("Concat", ["real", "real"], "both"), 3),
            Node("QuantizeLinear", ["both", "wide", "zero"], "both codes"),
            Node("DequantizeLinear", ["both codes", "wide", "zero"], "y"),
        ]);
        float[] input = [.. Enumerable.Range(-128, 256).Select(static code => code * Scale)];

        Assert.Equal(Reference(file, input), Int8Model(file, Int8Arithmetic.OnnxRuntime, input));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_convolution_with_an_int32_bias_gives_the_very_codes(int seed)
    {
        var random = new Random(seed);

        // Weights so small that ONNX Runtime's sums of 16 bits on processors without dot products do not saturate.
        sbyte[] weights = [.. Enumerable.Range(0, 8 * 3 * 3).Select(_ => (sbyte)random.Next(-63, 64))];
        float[] scales = [.. Enumerable.Range(0, 8).Select(_ => 0.001f + 0.02f * random.NextSingle())];
        int[] bias = [.. Enumerable.Range(0, 8).Select(_ => random.Next(-3000, 3000))];
        byte[] file = File(
            [
                Node("QuantizeLinear", ["x", "scale", "zero"], "codes"),
                Node("QLinearConv", ["codes", "scale", "zero", "weights", "weight scales", "weight zeros", "wide", "zero", "bias"], "sums"),
                Node("DequantizeLinear", ["sums", "wide", "zero"], "y"),
            ],
            Tensor("weights", Int8, [8, 1, 3, 3], MemoryMarshal.AsBytes<sbyte>(weights)),
            Tensor("weight scales", Float, [8], MemoryMarshal.AsBytes<float>(scales)),
            Tensor("weight zeros", Int8, [8], new byte[8]),
            Tensor("bias", Int32, [8], MemoryMarshal.AsBytes<int>(bias)));
        float[] input = Numbers.Normal(random, 40 * 60, deviation: 0.4);

        Assert.Equal(Reference(file, input, height: 40), Int8Model(file, Int8Arithmetic.OnnxRuntime, input, height: 40));
    }

    [Fact]
    public void An_average_in_another_scale_is_rounded_once()
    {
        NodeProto pool = Node("QLinearAveragePool", ["codes", "scale", "zero", "wide", "zero"], "means");
        pool.Domain = "com.microsoft";
        pool.Attribute.Add(new AttributeProto { Name = "kernel_shape", Type = AttributeProto.Types.AttributeType.Ints, Ints = { 3, 2 } });
        byte[] file = File([Node("QuantizeLinear", ["x", "scale", "zero"], "codes"), pool, Node("DequantizeLinear", ["means", "wide", "zero"], "y")]);
        float[] input = Numbers.Normal(new Random(4), 40 * 60, deviation: 0.4);

        float[] expected = Reference(file, input, height: 40);
        float[] actual = Int8Model(file, Int8Arithmetic.OnnxRuntime, input, height: 40);

        // ONNX Runtime sums real numbers in float32, so halves may fall either way; two roundings would change a code in ten.
        Assert.InRange(expected.Zip(actual).Count(static pair => pair.First != pair.Second), 0, expected.Length / 200);
    }

    [Fact]
    public void A_bias_is_a_whole_number_of_steps_but_for_the_last_bit_of_the_division_that_packing_does()
    {
        var random = new Random(5);
        for (int i = 0; i < 100_000; i++)
        {
            var input = new QuantizationParameters(MathF.Exp(10 * random.NextSingle() - 8), 0);
            var weights = new WeightQuantization(new QuantizationParameters(MathF.Exp(10 * random.NextSingle() - 8), 0));
            int code = random.Next(-500_000, 500_000);
            float step = input.Scale * weights[0].Scale;

            float bias = WholeBias.Of([(code + 0.4f * random.NextSingle()) * step], input, weights)[0];

            Assert.InRange(Math.Abs(bias / step - code), 0, 1.2e-7 * Math.Abs(code));
        }
    }

    [Fact]
    public void A_saved_model_keeps_its_arithmetic()
    {
        byte[] file = File([Node("QuantizeLinear", ["x", "scale", "zero"], "codes"), Node("DequantizeLinear", ["codes", "scale", "zero"], "kept"), Node("Identity", ["kept"], "y")]);
        QuantizedModel model = OnnxModel.Load(file, new OnnxLoadOptions { Arithmetic = Int8Arithmetic.OnnxRuntime }).Quantized!;
        using var stream = new MemoryStream();
        model.Save(stream);
        byte[] saved = stream.ToArray();

        QuantizedModel loaded = QuantizedModel.Load(new MemoryStream(saved));
        float[] input = NextToHalves();

        Assert.Equal(Int8Arithmetic.OnnxRuntime, loaded.Arithmetic);
        Assert.Equal(Run(model, input, 1), Run(loaded, input, 1));
        Assert.Equal(Int8Arithmetic.OnnxRuntime, loaded.WithGenericKernels().Arithmetic);
        byte[] other = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(saved).Replace("\"OnnxRuntime\"", "\"NobodyElses\"", StringComparison.Ordinal));
        Assert.Contains("this version knows no other", Assert.Throws<InvalidDataException>(() => QuantizedModel.Load(new MemoryStream(other))).Message, StringComparison.Ordinal);
    }

    private static float[] NextToHalves()
    {
        var values = new List<float>();
        for (int half = -257; half <= 257; half += 2)
        {
            float middle = half * 0.5f * Scale;
            values.AddRange([middle, MathF.BitIncrement(middle), MathF.BitDecrement(middle), MathF.BitIncrement(MathF.BitIncrement(middle))]);
        }

        return [.. values];
    }

    private static float[] Int8Model(byte[] file, Int8Arithmetic arithmetic, float[] input, int height = 1) =>
        Run(OnnxModel.Load(file, new OnnxLoadOptions { Arithmetic = arithmetic }).Quantized!, input, height);

    private static float[] Run(QuantizedModel model, float[] input, int height) =>
        model.Forward(FloatTensor.FromNchw(new Shape4(1, 1, height, input.Length / height), input)).ToNchw();

    private static float[] Reference(byte[] file, float[] input, int height = 1)
    {
        using var reference = new Reference(file);
        return reference.Run(input, 1, 1, height, input.Length / height);
    }

    private static byte[] File(NodeProto[] nodes, params TensorProto[] tensors)
    {
        var graph = new GraphProto { Name = "arithmetic" };
        graph.Node.Add(nodes);
        graph.Initializer.Add(tensors);
        graph.Initializer.Add([
            Tensor("scale", Float, [], MemoryMarshal.AsBytes<float>([Scale])),
            Tensor("wide", Float, [], MemoryMarshal.AsBytes<float>([Scale * 1.7f])),
            Tensor("zero", UInt8, [], [128])]);
        graph.Input.Add(new ValueInfoProto { Name = "x", Type = Type(1, 1, -1, -1) });
        graph.Output.Add(new ValueInfoProto { Name = "y", Type = Type() });
        var model = new ModelProto { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add([new OperatorSetIdProto { Version = 15 }, new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 }]);
        return model.ToByteArray();
    }

    private static TypeProto Type(params int[] dimensions)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = Float };
        if (dimensions.Length > 0)
        {
            tensor.Shape = new TensorShapeProto();
            tensor.Shape.Dim.Add(dimensions.Select(static size => size < 0 ? new TensorShapeProto.Types.Dimension { DimParam = "any" } : new TensorShapeProto.Types.Dimension { DimValue = size }));
        }

        return new TypeProto { TensorType = tensor };
    }

    private static NodeProto Node(string type, string[] inputs, string output)
    {
        var node = new NodeProto { OpType = type, Name = output, Output = { output } };
        node.Input.Add(inputs);
        return node;
    }

    private static NodeProto Axis(NodeProto node, int axis)
    {
        node.Attribute.Add(new AttributeProto { Name = "axis", Type = AttributeProto.Types.AttributeType.Int, I = axis });
        return node;
    }

    private static TensorProto Tensor(string name, int type, long[] dimensions, ReadOnlySpan<byte> bytes)
    {
        var tensor = new TensorProto { Name = name, DataType = type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.Add(dimensions);
        return tensor;
    }
}
