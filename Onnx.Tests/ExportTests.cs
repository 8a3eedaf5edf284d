using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Onnx.Protos;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Onnx.Tests;

/// <summary>Converted models as ONNX files, run by ONNX Runtime, and read back.</summary>
public sealed class ExportTests
{
    private const int Channels = 8;

    // An argument a line: how a layer of every type is made. Types without an entry fail a test.
    private static readonly Dictionary<string, Func<ModelBuilder, Value, Value>> Layers = new(StringComparer.Ordinal)
    {
        ["Conv2d"] = static (b, x) => b.Add("y", Modules.Conv2d(Weights(6, 4, 3, 3), stride: 2, padding: 1, groups: 2), x),
        ["Conv2d, dilated"] = static (b, x) => b.Add("y", Modules.Conv2d(Weights(5, Channels, 3, 2), dilation: 2), x),
        ["ConvTranspose2d"] = static (b, x) => b.Add("y", Modules.ConvTranspose2d(Weights(Channels, 5, 4, 4, outputs: 5), stride: 2, padding: 1), x),
        ["ConvTranspose2d, groups"] = static (b, x) => b.Add("y", Modules.ConvTranspose2d(Weights(Channels, 3, 3, 3, outputs: 6), stride: 2, outputPadding: 1, groups: 2), x),
        ["Linear"] = static (b, x) => b.Add("y", Modules.Linear(Weights(10, Channels, 1, 1)), b.Add("mean", Modules.GlobalAvgPool2d(), x)),
        ["BatchNorm2d"] = static (b, x) => b.Add("y", Modules.BatchNorm2d(new BatchNormParameters(Numbers(1), Positive(2), Numbers(3), Numbers(4), 1e-4f)), b.Add("t", Modules.Tanh(), x)),
        ["InstanceNorm2d"] = static (b, x) => b.Add("y", Modules.InstanceNorm2d(Norm()), b.Add("t", Modules.Tanh(), x)),
        ["LayerNorm"] = static (b, x) => b.Add("y", Modules.LayerNorm(Norm()), b.Add("t", Modules.Tanh(), x)),
        ["GroupNorm"] = static (b, x) => b.Add("y", Modules.GroupNorm(4, Norm()), b.Add("t", Modules.Tanh(), x)),
        ["ReLU"] = static (b, x) => b.Add("y", Modules.ReLU(), x),
        ["ReLU6"] = static (b, x) => b.Add("y", Modules.ReLU6(), b.Add("w", Modules.Affine(new AffineParameters([5f], [1f])), x)),
        ["LeakyReLU"] = static (b, x) => b.Add("y", Modules.LeakyReLU(0.2f), x),
        ["PReLU"] = static (b, x) => b.Add("y", Modules.PReLU(Positive(5)), x),
        ["Sigmoid"] = static (b, x) => b.Add("y", Modules.Sigmoid(), x),
        ["Tanh"] = static (b, x) => b.Add("y", Modules.Tanh(), x),
        ["Hardswish"] = static (b, x) => b.Add("y", Modules.Hardswish(), x),
        ["Hardsigmoid"] = static (b, x) => b.Add("y", Modules.Hardsigmoid(), x),
        ["Hardtanh"] = static (b, x) => b.Add("y", Modules.Hardtanh(-0.5f, 0.75f), x),
        ["SiLU"] = static (b, x) => b.Add("y", Modules.SiLU(), x),
        ["GELU"] = static (b, x) => b.Add("y", Modules.GELU(), x),
        ["GELU, tanh"] = static (b, x) => b.Add("y", Modules.GELU(GeluApproximation.Tanh), x),
        ["ELU"] = static (b, x) => b.Add("y", Modules.ELU(0.7f), x),
        ["Mish"] = static (b, x) => b.Add("y", Modules.Mish(), x),
        ["Softplus"] = static (b, x) => b.Add("y", Modules.Softplus(2f), x),
        ["Softmax"] = static (b, x) => b.Add("y", Modules.Softmax(1), b.Add("t", Modules.Tanh(), x)),
        ["Add"] = static (b, x) => b.Add("y", Modules.Add(relu: true), x, b.Add("t", Modules.Tanh(), x)),
        ["Sub"] = static (b, x) => b.Add("y", Modules.Sub(), x, b.Add("t", Modules.Tanh(), x)),
        ["Mul"] = static (b, x) => b.Add("y", Modules.Mul(), x, b.Add("mean", Modules.GlobalAvgPool2d(), x)),
        ["Div"] = static (b, x) => b.Add("y", Modules.Div(), x, b.Add("s", Modules.Affine(new AffineParameters([1f], [2f])), b.Add("t", Modules.Sigmoid(), x))),
        ["Affine"] = static (b, x) => b.Add("y", Modules.Affine(new AffineParameters(Positive(6), Numbers(7))), x),
        ["Pow"] = static (b, x) => b.Add("y", Modules.Pow(2f), x),
        ["MatMul"] = static (b, x) => b.Add("y", Modules.MatMul(), x, b.Add("p", Modules.Permute(0, 1, 3, 2), x)),
        ["Cat"] = static (b, x) => b.Add("y", Modules.Cat(), x, b.Add("t", Modules.Tanh(), x)),
        ["Constant"] = static (b, x) => b.Add("y", Modules.Mul(), x, b.Add("k", Modules.Constant(Input(new Shape4(1, 1, 12, 16), 9)), x)),
        ["MaxPool2d"] = static (b, x) => b.Add("y", Modules.MaxPool2d(new PoolingSpec(3, 2, 1)), x),
        ["AvgPool2d"] = static (b, x) => b.Add("y", Modules.AvgPool2d(new PoolingSpec(3, 2, 1) { CountIncludePad = false }), x),
        ["AdaptiveAvgPool2d"] = static (b, x) => b.Add("y", Modules.AdaptiveAvgPool2d(new AdaptivePoolingSpec(1, null)), x),
        ["Mean"] = static (b, x) => b.Add("y", Modules.Mean(new MeanSpec(1, 3)), x),
        ["Upsample"] = static (b, x) => b.Add("y", Modules.Upsample(UpsampleSpec.ByFactor(UpsampleMode.Nearest, 2)), x),
        ["Upsample, bilinear to a size"] = static (b, x) => b.Add("y", Modules.Upsample(UpsampleSpec.ToSize(UpsampleMode.Bilinear, 20, 31)), x),
        ["Upsample, corners"] = static (b, x) => b.Add("y", Modules.Upsample(UpsampleSpec.ByFactor(UpsampleMode.BilinearAlignCorners, 3, 2)), x),
        ["Crop"] = static (b, x) => b.Add("y", Modules.Crop(new CropSpec(1, 0, 2, 3)), x),
        ["Pad"] = static (b, x) => b.Add("y", Modules.Pad(PadSpec.All(2, PadMode.Reflect)), b.Add("v", Modules.Pad(new PadSpec(1, 2, 0, 3, Value: 0.25f)), x)),
        ["Flatten"] = static (b, x) => b.Add("y", Modules.Flatten(), x),
        ["Slice"] = static (b, x) => b.Add("y", Modules.Slice(new SliceSpec(1, 1, -1, 2)), x),
        ["PixelShuffle"] = static (b, x) => b.Add("y", Modules.PixelShuffle(new PixelShuffleSpec(2)), x),
        ["PixelUnshuffle"] = static (b, x) => b.Add("y", Modules.PixelUnshuffle(new PixelShuffleSpec(2)), x),
        ["PixelUnshuffle, pixels first"] = static (b, x) => b.Add("y", Modules.PixelUnshuffle(new PixelShuffleSpec(2) { PixelsFirst = true }), x),
        ["Reshape"] = static (b, x) => b.Add("y", Modules.Reshape(new ReshapeSpec(4, -1, 8)), x),
        ["Permute"] = static (b, x) => b.Add("y", Modules.Permute(0, 2, 3, 1), x),
    };

    public static TheoryData<string> Names => [.. Layers.Keys];

    [Fact]
    public void Every_type_of_layer_is_exported_by_a_test()
    {
        string[] known = [.. Layers.Keys.Select(static name => name.Split(',')[0])];

        // 1d layers are 2d ones of one row; stubs are no layers.
        Assert.Empty(Kernels.Models.Nodes.ModuleTypes.All.Except(known).Except(["Conv1d", "ConvTranspose1d", "BatchNorm1d", "QuantStub", "DeQuantStub"]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ONNX_Runtime_gives_the_numbers_of_the_model_within_a_step(string name)
    {
        QuantizedModel model = Convert(Layers[name]);
        FloatTensor input = Input(new Shape4(2, Channels, 12, 16), seed: 77);
        using var reference = new Reference(OnnxExport.ToArray(model));
        float[] expected = model.Forward(input).ToNchw();
        float[] actual = reference.Run(input.ToNchw(), 2, Channels, 12, 16);

        Assert.Equal(expected.Length, actual.Length);
        (int beyond, double step) = Beyond(model, expected, actual);
        Assert.True(beyond == 0, $"{beyond} of {expected.Length} differ by more than {step}, at most {Largest(expected, actual)}");
        Assert.True(expected.Distinct().Count() > 5);
    }

    [Fact]
    public void The_detector_quantized_here_finds_the_same_text_in_ONNX_Runtime()
    {
        FloatTensor[] pictures = [.. new[] { "slide", "receipt" }.Select(static name => FloatTensor.FromNchw(new Shape4(1, 3, 320, 480), Pictures.Text(name, 320, 480)))];
        FloatModel network = OnnxModel.Load(Files.Detector).Float.FuseEpilogues().BalanceChannels(pictures);
        network.Prepare(QConfigMapping.Uniform(QConfig.FullRange));
        network.Calibrate(pictures);
        QuantizedModel model = network.Convert();
        byte[] file = OnnxExport.ToArray(model, new OnnxExportOptions { InputName = "x", OutputName = "text" });
        using var reference = new Reference(file);
        QuantizedModel again = OnnxModel.Load(file).Quantized!;
        foreach (FloatTensor picture in pictures)
        {
            float[] expected = model.Forward(picture).ToNchw();
            Assert.InRange(Overlap(expected, reference.Run(picture.ToNchw(), 1, 3, 320, 480)), 0.97, 1);
            Assert.InRange(Overlap(expected, again.Forward(picture).ToNchw()), 0.95, 1);
        }
    }

    [Fact]
    public void Activations_are_uint8_weights_int8_a_channel_and_biases_int32()
    {
        GraphProto graph = ModelProto.Parser.ParseFrom(OnnxExport.ToArray(Convert(Layers["Conv2d"]))).Graph;
        TensorProto weight = graph.Initializer.Single(static tensor => tensor.Name == "y.weight");
        TensorProto scales = graph.Initializer.Single(static tensor => tensor.Name == "y.weight.scale");
        TensorProto bias = graph.Initializer.Single(static tensor => tensor.Name == "y.bias");

        Assert.Equal(((int)Graphs.ElementType.Int8, 6L), (weight.DataType, Assert.Single(scales.Dims)));
        Assert.Equal((int)Graphs.ElementType.Int32, bias.DataType);
        Assert.Equal(2, graph.Node.Count(static node => node.OpType == "QuantizeLinear"));
    }

    [Fact]
    public void Weights_and_scales_come_back_as_they_were()
    {
        QuantizedModel model = Convert(Layers["Conv2d"]);
        QuantizedModel again = OnnxModel.Load(OnnxExport.ToArray(model)).Quantized!;
        ConvertedLayer before = model.Layers.Single(static layer => layer.Weights is not null);
        ConvertedLayer after = again.Layers.Single(static layer => layer.Weights is not null);

        Assert.Equal(before.Weights!.Weight.Data.ToArray(), after.Weights!.Weight.Data.ToArray());
        Assert.Equal(before.OutputQuantization, after.OutputQuantization);
        Assert.Equal(model.InputQuantization, again.InputQuantization);
    }

    [Fact]
    public void Ends_have_the_names_and_dimensions_that_are_asked_for()
    {
        QuantizedModel model = Convert(Layers["Linear"]);
        byte[] file = OnnxExport.ToArray(model, new OnnxExportOptions { InputName = "mean", OutputName = "y", InputShape = [-1, Channels], OutputRank = 2 });
        using var reference = new Reference(file);
        float[] input = Input(new Shape4(3, Channels, 1, 1), seed: 5).ToNchw();

        Assert.Equal(30, reference.Run(input, 3, Channels).Length);
        GraphProto graph = ModelProto.Parser.ParseFrom(file).Graph;
        Assert.Equal(("mean", "y"), (graph.Input[0].Name, graph.Output[0].Name));
        Assert.Equal((2, 2), (graph.Input[0].Type.TensorType.Shape.Dim.Count, graph.Output[0].Type.TensorType.Shape.Dim.Count));
    }

    [Fact]
    public void Layers_that_ONNX_cannot_say_are_all_listed()
    {
        QuantizedModel model = Convert(static (b, x) => b.Add(
            "windows", Modules.AdaptiveAvgPool2d(new AdaptivePoolingSpec(5, 3)), b.Add("around", Modules.Pad(PadSpec.All(1, PadMode.Circular)), x)));
        UnsupportedOnnxException exception = Assert.Throws<UnsupportedOnnxException>(() => OnnxExport.ToArray(model));

        Assert.Equal(["around", "windows"], exception.Nodes.Select(static node => node.Name));
        Assert.Contains("circular", exception.Message, StringComparison.Ordinal);
    }

    private static QuantizedModel Convert(Func<ModelBuilder, Value, Value> layer)
    {
        var builder = new ModelBuilder(Channels);
        FloatModel network = builder.Build(layer(builder, builder.Input));
        network.Prepare(QConfigMapping.Uniform(QConfig.FullRange));
        network.Calibrate([.. Enumerable.Range(0, 4).Select(static seed => Input(new Shape4(2, Channels, 12, 16), seed))]);
        return network.Convert();
    }

    // A value of several layers may be a step of each apart; a float layer's is its own.
    private static (int Count, double Step) Beyond(QuantizedModel model, float[] expected, float[] actual)
    {
        ConvertedLayer last = model.Layers[^1];
        float largest = model.Layers.Max(static layer => layer.OutputQuantization?.Scale ?? 0);
        double step = last.IsQuantized ? 1.01 * last.OutputQuantization!.Value.Scale : 1e-3 + 2 * largest;
        return (expected.Zip(actual).Count(pair => !(Math.Abs(pair.First - pair.Second) <= step)), step);
    }

    private static float Largest(float[] expected, float[] actual) => expected.Zip(actual).Max(static pair => Math.Abs(pair.First - pair.Second));

    private static double Overlap(float[] expected, float[] actual)
    {
        int both = expected.Zip(actual).Count(static pair => pair is { First: > 0.3f, Second: > 0.3f });
        int any = expected.Zip(actual).Count(static pair => pair.First > 0.3f || pair.Second > 0.3f);
        Assert.True(any > 100);
        return (double)both / any;
    }

    private static FloatTensor Input(Shape4 shape, int seed) => FloatTensor.FromNchw(shape, Tests.Numbers.Normal(new Random(seed), shape.Count, deviation: 0.6));

    private static float[] Numbers(int seed) => Tests.Numbers.Normal(new Random(seed), Channels, deviation: 0.5);

    private static float[] Positive(int seed) => Array.ConvertAll(Numbers(seed), static value => 0.2f + Math.Abs(value));

    private static NormalizationParameters Norm() => new(Channels, Positive(11), Numbers(12), 1e-3f);

    private static LayerWeights Weights(int n, int c, int h, int w, int outputs = 0)
    {
        var shape = new Shape4(n, c, h, w);
        int biases = outputs == 0 ? n : outputs;
        return new LayerWeights(new FloatWeight(shape, Tests.Numbers.Normal(new Random(n), shape.Count, deviation: 0.3)), Tests.Numbers.Normal(new Random(c), biases, deviation: 0.4));
    }
}
