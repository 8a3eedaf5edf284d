using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Kernels.Models;
using Kernels.Onnx.Protos;
using Xunit;

namespace Kernels.Onnx.Tests;

/// <summary>A keyword spotter in both quantized forms: QuantizeLinear and DequantizeLinear around float operators, and operators on codes.</summary>
public sealed class QuantizedFileTests
{
    private const int Inputs = 1000;

    [Theory]
    [InlineData("qdq", "")]
    [InlineData("operators", "")]
    [InlineData("qdq", "Add__25:0_QuantizeLinear_Output")]
    [InlineData("operators", "Add__25:0_quantized")]
    public void Outputs_are_within_one_step_of_those_of_ONNX_Runtime(string form, string before)
    {
        // The softmax of most inputs is 1 for one word and 0 for the others: what stands before it tells more.
        byte[] file = WithOutput(File.ReadAllBytes(form == "qdq" ? Files.KeywordsQdq : Files.KeywordsOperators), before);
        QuantizedModel model = OnnxModel.Load(file).Quantized!;
        float step = model.Layers[^1].OutputQuantization!.Value.Scale;
        using var reference = new Reference(file);
        var random = new Random(1);
        int beyond = 0;
        for (int i = 0; i < Inputs; i++)
        {
            // From faint to saturated.
            float[] input = Numbers.Normal(random, 1960, deviation: 0.02 + 1.5 * i / Inputs);
            float[] expected = reference.Run(input, 1, 1960);
            float[] actual = model.Forward(FloatTensor.FromNchw(new Shape4(1, 1960, 1, 1), input)).ToNchw();
            beyond += expected.Zip(actual).Count(pair => Math.Abs(pair.First - pair.Second) > 1.01f * step);
        }

        Assert.InRange(beyond, 0, Inputs * 10 / 1000);
    }

    [Fact]
    public void Both_forms_give_the_same_answer()
    {
        QuantizedModel qdq = OnnxModel.Load(Files.KeywordsQdq).Quantized!;
        QuantizedModel operators = OnnxModel.Load(Files.KeywordsOperators).Quantized!;
        var random = new Random(2);
        for (int i = 0; i < 100; i++)
        {
            FloatTensor input = FloatTensor.FromNchw(new Shape4(1, 1960, 1, 1), Numbers.Normal(random, 1960, deviation: 0.5));
            float[] first = qdq.Forward(input).ToNchw();
            float[] second = operators.Forward(input).ToNchw();
            Assert.Equal(Array.IndexOf(first, first.Max()), Array.IndexOf(second, second.Max()));
        }
    }

    [Theory]
    [InlineData(2f)]
    [InlineData(1.01f)]
    public void A_bias_in_other_units_than_the_products_is_refused_by_name(float factor)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Files.KeywordsQdq));
        const int Int32 = 6;
        NodeProto bias = model.Graph.Node.First(node => node.OpType == "DequantizeLinear" && model.Graph.Initializer.Any(tensor => tensor.Name == node.Input[0] && tensor.DataType == Int32));
        TensorProto scale = model.Graph.Initializer.First(tensor => tensor.Name == bias.Input[1]);
        float[] scales = scale.RawData.IsEmpty ? [.. scale.FloatData] : MemoryMarshal.Cast<byte, float>(scale.RawData.Span).ToArray();
        scale.FloatData.Clear();
        scale.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(Array.ConvertAll(scales, value => value * factor)));

        string message = Assert.Throws<OnnxFormatException>(() => OnnxModel.Load(model.ToByteArray())).Message;

        Assert.Contains("int32 biases are in units of their products", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Int8_weights_are_those_of_the_file()
    {
        OnnxModel model = OnnxModel.Load(Files.KeywordsOperators);
        Graphs.OnnxTensor expected = model.Graph.Constants["const_fold_opt__67_quantized"];
        ConvertedLayer layer = model.Quantized!.Layers.Single(layer => layer.Weights is { } weights && weights.Weight.Shape == new Shape4(12, 16, 6, 6));

        Assert.Equal(expected.SmallIntegers, layer.Weights!.Weight.Data.ToArray());
        Assert.Equal(0.0049226233f, layer.Weights.Weight.Quantization[0].Scale);
    }

    /// <summary>The file with the numbers of some codes as its output.</summary>
    private static byte[] WithOutput(byte[] file, string codes)
    {
        if (codes.Length == 0)
        {
            return file;
        }

        ModelProto model = ModelProto.Parser.ParseFrom(file);
        model.Graph.Node.Add(new NodeProto { OpType = "DequantizeLinear", Input = { codes, "Add__25:0_scale", "Add__25:0_zero_point" }, Output = { "numbers" } });
        model.Graph.Output.Clear();
        model.Graph.Output.Add(new ValueInfoProto { Name = "numbers", Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1 } } });
        return model.ToByteArray();
    }
}
