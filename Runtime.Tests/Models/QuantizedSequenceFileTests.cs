using System;
using System.Collections.Generic;
using System.IO;
using Kernels.Models;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Models;

public sealed class QuantizedSequenceFileTests : IDisposable
{
    private static readonly Shape4 Shape = new(1, 2, 5, 4);

    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_loaded_model_computes_what_the_saved_one_did()
    {
        QuantizedSequence saved = TwoLayersData.Sequence();
        saved.Save(_path);

        QuantizedSequence loaded = TwoLayers.Load(_path);

        var input = new QuantizedTensor(Shape, saved.InputQuantization, TwoLayersData.Input(Shape));
        QuantizedTensor output = loaded.Forward(input);
        Assert.Equal(saved.Forward(input).Data.ToArray(), output.Data.ToArray());
        Assert.Equal(saved.OutputQuantization, output.Quantization);
        Assert.True(loaded.Weights[0].Weight.Quantization.IsPerChannel);
        Assert.False(loaded.Weights[1].Weight.Quantization.IsPerChannel);
    }

    [Fact]
    public void Every_scale_and_zero_point_survives()
    {
        TwoLayersData.Sequence().Save(_path);

        QuantizedSequence loaded = TwoLayers.Load(_path);

        QuantizationParameters[] activations = [loaded.InputQuantization, loaded.Layers[0].OutputQuantization, loaded.OutputQuantization];
        Assert.Equal(TwoLayersData.Activations, activations);
        QuantizedLayerWeights[] expected = TwoLayersData.QuantizedWeights();
        for (int i = 0; i < expected.Length; i++)
        {
            WeightQuantization quantization = expected[i].Weight.Quantization;
            for (int channel = 0; channel < quantization.Count; channel++)
            {
                Assert.Equal(quantization[channel], loaded.Weights[i].Weight.Quantization[channel]);
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

    [Theory]
    [InlineData("0.weight")]
    [InlineData("0.bias")]
    [InlineData("0.weight_scale")]
    [InlineData("0.scale")]
    public void A_tensor_of_another_shape_is_refused_by_name(string name)
    {
        SaveChanged(flatten: name);

        var exception = Assert.Throws<InvalidDataException>(() => TwoLayers.Load(_path));

        Assert.Contains($"\"{name}\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_too_many_is_refused()
    {
        SaveChanged(extra: "1.bias");

        Assert.Throws<InvalidDataException>(() => TwoLayers.Load(_path));
    }

    private void SaveChanged(
        Action<Dictionary<string, string>>? metadata = null,
        Action<string, float[]>? floats = null,
        Action<string, int[]>? integers = null,
        string? drop = null,
        string? flatten = null,
        string? extra = null)
    {
        TwoLayersData.Sequence().Save(_path);
        SafetensorsFile file = SafetensorsFile.Load(_path);
        var strings = new Dictionary<string, string>(file.Metadata);
        metadata?.Invoke(strings);
        var writer = new SafetensorsWriter();
        foreach ((string name, string value) in strings)
        {
            writer.AddMetadata(name, value);
        }

        foreach (SafetensorsTensor tensor in file.Tensors.Values)
        {
            if (tensor.Name == drop)
            {
                continue;
            }

            int[] shape = tensor.Name == flatten ? [1, 1, tensor.Count] : [.. tensor.Shape];
            switch (tensor.Type)
            {
                case SafetensorsType.F32:
                    float[] singles = tensor.ToSingles();
                    floats?.Invoke(tensor.Name, singles);
                    writer.Add(tensor.Name, shape, singles);
                    break;
                case SafetensorsType.I32:
                    int[] numbers = tensor.ToInt32s();
                    integers?.Invoke(tensor.Name, numbers);
                    writer.Add(tensor.Name, shape, numbers);
                    break;
                default:
                    writer.Add(tensor.Name, shape, tensor.ToSBytes());
                    break;
            }
        }

        if (extra is not null)
        {
            writer.Add(extra, [3], new float[3]);
        }

        writer.Save(_path);
    }
}
