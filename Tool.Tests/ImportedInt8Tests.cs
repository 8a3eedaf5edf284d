using System;
using System.IO;
using System.Runtime.Loader;
using Kernels.Models;
using Kernels.Onnx;
using Kernels.Onnx.Tests;
using Kernels.Quantization;
using Kernels.Tool.Source;
using Xunit;

namespace Kernels.Tool.Tests;

/// <summary>Quantized ONNX files as a class and an int8 file, which the class loads with its own kernels.</summary>
public sealed class ImportedInt8Tests
{
    [Theory]
    [InlineData("qdq", Int8Arithmetic.PyTorch)]
    [InlineData("qdq", Int8Arithmetic.OnnxRuntime)]
    [InlineData("operators", Int8Arithmetic.OnnxRuntime)]
    [InlineData("relu", Int8Arithmetic.PyTorch)]
    public void The_class_runs_the_int8_file_of_its_import_with_its_own_kernels_to_the_same_numbers(string form, Int8Arithmetic arithmetic)
    {
        byte[] file = form == "relu" ? WithRelus() : File.ReadAllBytes(form == "qdq" ? Files.KeywordsQdq : Files.KeywordsOperators);
        OnnxModel onnx = OnnxModel.Load(file, new OnnxLoadOptions { Arithmetic = arithmetic });
        var source = new SourceWriter(onnx.Network, "Networks", "Network", "n.onnx", "0", hasSize: false);
        using var int8 = new MemoryStream();
        source.Int8(arithmetic)!.Save(int8);
        int8.Position = 0;
        var context = new AssemblyLoadContext(form, isCollectible: true);
        Type type = context.LoadFromStream(CompiledSource.Of([source.Text()])).GetType("Networks.Network", throwOnError: true)!;

        var loaded = (QuantizedModel)type.GetMethod("Load", [typeof(Stream)])!.Invoke(null, [int8])!;

        Assert.StartsWith("All ", loaded.DescribeKernels(), StringComparison.Ordinal);
        Assert.Equal(arithmetic, loaded.Arithmetic);
        var random = new Random(1);
        for (int i = 0; i < 20; i++)
        {
            var input = new FloatTensor(onnx.Network.PhysicalInput, Numbers.Normal(random, onnx.Network.PhysicalInput.Count));
            Assert.Equal(onnx.Quantized!.Forward(input).Data.ToArray(), loaded.Forward(input).Data.ToArray());
        }

        context.Unload();
    }

    [Fact]
    public void Of_names_that_TensorFlow_Lite_joined_the_first_is_taken_and_the_comment_has_all()
    {
        OnnxModel onnx = OnnxModel.Load(Files.KeywordsQdq);

        string text = new SourceWriter(onnx.Network, "Networks", "Network", "n.onnx", "0", hasSize: false).Text();

        Assert.Contains("// micro_kws/conv2d_1/Relu;micro_kws/conv2d_1/BiasAdd;micro_kws/conv2d_1/Conv2D;", text, StringComparison.Ordinal);
        Assert.Contains("private static partial Value MicroKwsConv2d1Relu(Value x);", text, StringComparison.Ordinal);
        Assert.Contains("AvgPool(MicroKwsConv2d1Relu(microKwsConv2dRelu_2), kernel: 2, stride: 2)", text, StringComparison.Ordinal);
    }

    /// <summary>Convolutions with a ReLU and with a ReLU6 behind them, quantized by this library.</summary>
    private static byte[] WithRelus()
    {
        var random = new Random(2);
        FloatWeight Weights(int outputs, int inputs) => new(new Shape4(outputs, inputs, 3, 3), Numbers.Normal(random, outputs * inputs * 9, deviation: 0.3));
        var builder = new ModelBuilder(3);
        Value first = builder.Add("relu", Modules.ReLU(), builder.Add("conv1", Modules.Conv2d(new LayerWeights(Weights(20, 3), Numbers.Normal(random, 20)), padding: 1), builder.Input));
        Value second = builder.Add("relu6", Modules.ReLU6(), builder.Add("conv2", Modules.Conv2d(new LayerWeights(Weights(8, 20), Numbers.Normal(random, 8)), stride: 2), first));
        FloatModel model = builder.Build(builder.Add("conv3", Modules.Conv2d(new LayerWeights(Weights(5, 8), Numbers.Normal(random, 5))), second));
        model.Prepare(QConfig.FullRange);
        var shape = new Shape4(1, 3, 20, 24);
        model.Calibrate(new FloatTensor(shape, Numbers.Normal(random, shape.Count)));
        using var file = new MemoryStream();
        OnnxExport.Save(model.Convert(), file, new OnnxExportOptions { InputShape = [1, 3, 20, 24] });
        return file.ToArray();
    }
}
