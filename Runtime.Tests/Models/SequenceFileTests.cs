using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Kernels.Models;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Models;

/// <summary>Files that a sequence was saved to before sequences were graphs. The one beside the tests holds <see cref="TwoLayersData.Sequence"/>.</summary>
public sealed class SequenceFileTests : IDisposable
{
    private static readonly Shape4 Shape = new(1, 2, 5, 4);

    private static readonly string Old = Path.Combine(AppContext.BaseDirectory, "Models", "Files", "two-layers.sequence.safetensors");

    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_file_of_the_older_format_computes_what_it_did()
    {
        QuantizedModel expected = TwoLayersData.Sequence();

        QuantizedModel loaded = TwoLayers.Load(Old);

        var input = new QuantizedTensor(Shape, expected.InputQuantization!.Value, TwoLayersData.Input(Shape));
        QuantizedTensor output = loaded.Forward(input);
        Assert.Equal(expected.Forward(input).Data.ToArray(), output.Data.ToArray());
        Assert.Equal(expected.OutputQuantization, output.Quantization);
        Assert.Equal(["First", "Second"], loaded.Layers.Select(static layer => layer.Name));
        Assert.Equal("All 2 int8 layers with weights run generated kernels.", loaded.DescribeKernels());
    }

    [Fact]
    public void A_file_of_the_older_format_is_saved_in_todays()
    {
        TwoLayers.Load(Old).Save(_path);

        QuantizedModel loaded = TwoLayers.Load(_path);

        var input = new QuantizedTensor(Shape, loaded.InputQuantization!.Value, TwoLayersData.Input(Shape));
        Assert.Equal(TwoLayers.Load(Old).Forward(input).Data.ToArray(), loaded.Forward(input).Data.ToArray());
        Assert.Equal("Kernels.QuantizedModel", SafetensorsFile.Load(_path).Metadata["format"]);
        Assert.Equal(loaded.Forward(input).Data.ToArray(), QuantizedModel.Load(_path).Forward(input).Data.ToArray());
    }

    [Fact]
    public void Without_its_class_a_file_of_the_older_format_says_what_to_do()
    {
        var exception = Assert.Throws<InvalidDataException>(() => QuantizedModel.Load(Old));

        Assert.Contains("load it with the Load of the model's class, and save it again", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_that_occurs_twice_is_named_as_its_model_names_it_now()
    {
        SaveChanged(metadata: m => m["1.name"] = "First");
        LayerFactory[] layers = [LayerFactory.For<First>("First"), LayerFactory.For<Second>("First_2")];

        Assert.Equal(["First", "First_2"], QuantizedModel.Load(_path, layers).Layers.Select(static layer => layer.Name));
        Assert.Throws<InvalidDataException>(() => QuantizedModel.Load(_path, [layers[0], LayerFactory.For<Second>("First_3")]));
    }

    [Fact]
    public void Every_scale_and_zero_point_survives()
    {
        QuantizedModel loaded = TwoLayers.Load(Old);

        QuantizationParameters?[] activations = [loaded.InputQuantization, loaded.Layers[0].OutputQuantization, loaded.OutputQuantization];
        Assert.Equal(TwoLayersData.Activations.Select(static q => (QuantizationParameters?)q), activations);
        QuantizedLayerWeights[] expected = TwoLayersData.QuantizedWeights();
        for (int i = 0; i < expected.Length; i++)
        {
            WeightQuantization quantization = expected[i].Weight.Quantization;
            Assert.Equal(quantization.IsPerChannel, loaded.Layers[i].Weights!.Weight.Quantization.IsPerChannel);
            for (int channel = 0; channel < quantization.Count; channel++)
            {
                Assert.Equal(quantization[channel], loaded.Layers[i].Weights!.Weight.Quantization[channel]);
            }
        }
    }

    [Fact]
    public void A_file_of_float_weights_is_refused()
    {
        var writer = new SafetensorsWriter();
        writer.Add("0.weight", [1], new float[1]);
        writer.Save(_path);

        var exception = Assert.Throws<InvalidDataException>(() => TwoLayers.Load(_path));

        Assert.Contains("this is not a converted model", exception.Message, StringComparison.Ordinal);
        Assert.StartsWith(_path, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version", "2", "another version")]
    [InlineData("layers", "3", "another model")]
    [InlineData("1.name", "Other", "another model")]
    [InlineData("0.layer", "Conv2d 2->5", "another model")]
    public void Metadata_of_another_model_or_version_is_refused(string name, string value, string reason)
    {
        SaveChanged(metadata: m => m[name] = value);

        var exception = Assert.Throws<InvalidDataException>(() => TwoLayers.Load(_path));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("input.scale")]
    [InlineData("0.scale")]
    [InlineData("0.weight_scale")]
    [InlineData("1.weight_scale")]
    [InlineData("0.bias")]
    public void A_number_that_is_not_finite_is_refused(string name)
    {
        SaveChanged(floats: (tensor, data) => data[0] = tensor == name ? float.NaN : data[0]);

        var exception = Assert.Throws<InvalidDataException>(() => TwoLayers.Load(_path));

        Assert.Contains("finite", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.zero_point", -1)]
    [InlineData("input.zero_point", 256)]
    [InlineData("0.weight_zero_point", 128)]
    [InlineData("1.weight_zero_point", -129)]
    public void A_zero_point_outside_its_type_is_refused(string name, int value)
    {
        SaveChanged(integers: (tensor, data) => data[0] = tensor == name ? value : data[0]);

        var exception = Assert.Throws<InvalidDataException>(() => TwoLayers.Load(_path));

        Assert.Contains("zero point", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.weight")]
    [InlineData("0.bias")]
    [InlineData("1.weight_scale")]
    [InlineData("1.scale")]
    public void A_missing_tensor_is_refused_by_name(string name)
    {
        SaveChanged(drop: name);

        var exception = Assert.Throws<InvalidDataException>(() => TwoLayers.Load(_path));

        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_too_many_is_refused()
    {
        SaveChanged(add: static writer => writer.Add("1.bias", [3], new float[3]));

        Assert.Throws<InvalidDataException>(() => TwoLayers.Load(_path));
    }

    private void SaveChanged(
        Action<Dictionary<string, string>>? metadata = null,
        Action<string, float[]>? floats = null,
        Action<string, int[]>? integers = null,
        string? drop = null,
        Action<SafetensorsWriter>? add = null) =>
        SafetensorsChange.Save(SafetensorsFile.Load(Old), _path, metadata, floats, integers, drop, add);
}
