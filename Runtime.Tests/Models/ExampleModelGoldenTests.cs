using System;
using System.Collections.Generic;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Models;

/// <summary>PyTorch's small model: Conv2d 3 to 16 with ReLU, then ConvTranspose2d 16 to 3.</summary>
public class ExampleModelGoldenTests
{
    private static IReadOnlyList<GoldenCase> Cases => GoldenFile.Load("example_model");

    [Fact]
    public void The_int8_model_gives_PyTorchs_bytes_after_every_layer()
    {
        foreach (GoldenCase golden in Cases)
        {
            var sequence = new QuantizedSequence(Layers(golden), QuantizedWeights(golden), Activations(golden));
            QuantizedTensor input = QuantizedTensor.FromNchw(Shape(golden.Tensor("input_quantized")), sequence.InputQuantization, golden.Tensor("input_quantized").ToBytes());
            var between = new QuantizedTensor(sequence.Layers[0].OutputShape(input.Shape), sequence.Layers[0].OutputQuantization);
            sequence.Layers[0].Run(input.Data, input.Shape.N, input.Shape.H, input.Shape.W, between.Data);

            Assert.Equal(golden.Tensor("conv1_output").ToBytes(), between.ToNchw());
            Assert.Equal(golden.Tensor("output_quantized").ToBytes(), sequence.Forward(input).ToNchw());
            Assert.Equal(golden.Tensor("output").ToSingles(), sequence.Forward(Input(golden)).ToNchw());
        }
    }

    [Fact]
    public void The_float_model_gives_PyTorchs_values()
    {
        foreach (GoldenCase golden in Cases)
        {
            float[] expected = golden.Tensor("output_float").ToSingles();
            float[] output = new Model(golden).Forward(Input(golden)).ToNchw();

            Assert.Equal(expected.Length, output.Length);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.InRange(output[i], expected[i] - 1e-5f, expected[i] + 1e-5f);
            }
        }
    }

    [Fact]
    public void Calibrating_with_the_same_batches_finds_PyTorchs_scales_and_zero_points()
    {
        foreach (GoldenCase golden in Cases)
        {
            bool isHistogram = golden.Text("activation_observer") == "histogram";
            var settings = new ObserverSettings { ReduceRange = golden.Bool("reduce_range") };
            QConfig config = QConfig.Fbgemm with { Activation = () => isHistogram ? new HistogramObserver(settings) : new MinMaxObserver(settings) };
            var model = new Model(golden);
            model.Prepare(QConfigMapping.PyTorch(config));
            model.Calibrate(Batches(golden));
            QuantizedSequence converted = model.Convert();

            // The histogram's search changed between PyTorch's versions. Else only the order of the float layers' sums differs.
            float tolerance = isHistogram ? 1e-2f : 1e-5f;
            QuantizationParameters[] expected = Activations(golden);
            Near(expected[0], converted.InputQuantization, tolerance);
            Near(expected[1], converted.Layers[0].OutputQuantization, tolerance);
            Near(expected[2], converted.OutputQuantization, tolerance);
            Assert.Equal(golden.Tensor("conv1_weight_quantized").ToSBytes(), converted.Weights[0].Weight.Data.ToArray());
            Assert.Equal(golden.Tensor("convt_weight_quantized").ToSBytes(), converted.Weights[1].Weight.Data.ToArray());
        }
    }

    private static void Near(QuantizationParameters expected, QuantizationParameters actual, float tolerance)
    {
        Assert.InRange(actual.Scale, expected.Scale * (1 - tolerance), expected.Scale * (1 + tolerance));
        Assert.Equal(expected.ZeroPoint, actual.ZeroPoint);
    }

    private static LayerFactory[] Layers(GoldenCase golden) =>
    [
        LayerFactory.Generic("conv1", new ConvolutionSpec
        {
            Kind = ConvolutionKind.Conv2d,
            InChannels = golden.Tensor("conv1_weight").Shape[1],
            OutChannels = golden.Tensor("conv1_weight").Shape[0],
            KernelHeight = 3,
            KernelWidth = 3,
            PaddingHeight = 1,
            PaddingWidth = 1,
            Activation = Activation.Relu,
        }),
        LayerFactory.Generic("convt", new ConvolutionSpec
        {
            Kind = ConvolutionKind.ConvTranspose2d,
            InChannels = golden.Tensor("convt_weight").Shape[0],
            OutChannels = golden.Tensor("convt_weight").Shape[1],
            KernelHeight = 3,
            KernelWidth = 3,
            StrideHeight = golden.Int("stride"),
            StrideWidth = golden.Int("stride"),
            PaddingHeight = 1,
            PaddingWidth = 1,
            OutputPaddingHeight = golden.Int("output_padding"),
            OutputPaddingWidth = golden.Int("output_padding"),
            WeightScheme = WeightScheme.PerTensor,
        }),
    ];

    private static QuantizedLayerWeights[] QuantizedWeights(GoldenCase golden)
    {
        LayerFactory[] layers = Layers(golden);
        WeightQuantization first = WeightQuantization.PerChannel(golden.Tensor("conv1_weight_scale").ToSingles());
        var second = new WeightQuantization(new QuantizationParameters(golden.Float("convt_weight_scale"), 0));
        return
        [
            new(new QuantizedWeight(layers[0].Spec.WeightShape, golden.Tensor("conv1_weight_quantized").ToSBytes(), first), golden.Tensor("conv1_bias").ToSingles()),
            new(new QuantizedWeight(layers[1].Spec.WeightShape, golden.Tensor("convt_weight_quantized").ToSBytes(), second), golden.Tensor("convt_bias").ToSingles()),
        ];
    }

    private static QuantizationParameters[] Activations(GoldenCase golden) => Array.ConvertAll(
        (string[])["input", "conv1", "convt"],
        name => new QuantizationParameters(golden.Float(name + "_scale"), golden.Int(name + "_zero_point")));

    private static FloatTensor Input(GoldenCase golden) => FloatTensor.FromNchw(Shape(golden.Tensor("input")), golden.Tensor("input").ToSingles());

    private static IEnumerable<FloatTensor> Batches(GoldenCase golden)
    {
        SafetensorsTensor tensor = golden.Tensor("calibration");
        var shape = new Shape4(tensor.Shape[1], tensor.Shape[2], tensor.Shape[3], tensor.Shape[4]);
        float[] values = tensor.ToSingles();
        for (int i = 0; i < tensor.Shape[0]; i++)
        {
            yield return FloatTensor.FromNchw(shape, values.AsSpan(i * shape.Count, shape.Count));
        }
    }

    private static Shape4 Shape(SafetensorsTensor tensor) => new(tensor.Shape[0], tensor.Shape[1], tensor.Shape[2], tensor.Shape[3]);

    private sealed class Model(GoldenCase golden) : QuantizedSequentialModel(
        Layers(golden),
        [
            new(golden.Tensor("conv1_weight").ToFloatWeight(), golden.Tensor("conv1_bias").ToSingles()),
            new(golden.Tensor("convt_weight").ToFloatWeight(), golden.Tensor("convt_bias").ToSingles()),
        ]);
}
