using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Kernels.Geometry;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;
using Kernels.Tests.Models;
using Xunit;

namespace Kernels.Tests.Trust;

/// <summary>Model files made to do harm are refused with the number, its limit and the layer, quickly and in little memory; what is not refused runs.</summary>
public sealed class HostileModelTests : IDisposable
{
    // Far above what it takes alone, far below what it took: other tests run beside.
    private const int MostMilliseconds = 10_000;

    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("stride_width", 1431655766)]
    [InlineData("dilation_width", 2147483647)]
    [InlineData("dilation_height", 2147483647)]
    [InlineData("stride_height", 4097)]
    [InlineData("padding_height", 2147483647)]
    [InlineData("padding_width", 65536)]
    [InlineData("groups", 0)]
    [InlineData("output_padding_width", 1)]
    public void A_number_of_a_convolution_out_of_range_is_refused(string name, int value)
    {
        foreach (bool isFloat in (bool[])[false, true])
        {
            Saved(Convolution(), isFloat);
            string message = Refusal(name, value);

            Assert.Contains("\"conv\"", message, StringComparison.Ordinal);
            Assert.Contains(value.ToString(System.Globalization.CultureInfo.InvariantCulture), message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("stride_width", 10_000_000)]
    [InlineData("stride_height", 100_000_000)]
    public void A_stride_of_millions_costs_nothing(string name, int value)
    {
        Saved(Transposed(), isFloat: true);
        Measured(() => Refusal(name, value));
    }

    [Theory]
    [InlineData("stride_width", 4096)]
    [InlineData("stride_height", 4096)]
    [InlineData("padding_width", 65_535)]
    [InlineData("dilation_width", 4)]
    public void A_number_at_its_limit_runs(string name, int value)
    {
        foreach (bool isFloat in (bool[])[false, true])
        {
            Saved(Convolution(), isFloat);
            Change(name, value);
            QuantizedModel model = QuantizedModel.Load(_path);

            FloatTensor output = model.Forward(new FloatTensor(new Shape4(1, 2, 16, 16)));

            Assert.All(output.ToNchw(), static x => Assert.True(float.IsFinite(x)));
        }
    }

    [Fact]
    public void A_chain_of_more_layers_than_can_be_planned_is_refused()
    {
        var builder = new ModelBuilder(1);
        Value value = builder.Input;
        for (int i = 0; i < Limits.Nodes; i++)
        {
            value = builder.Add("n" + i, Modules.ReLU(), value);
        }

        var watch = Stopwatch.StartNew();
        Assert.Equal(new Shape4(1, 1, 4, 4), builder.Build(value).OutputShape(new Shape4(1, 1, 4, 4)));
        Assert.True(watch.ElapsedMilliseconds < MostMilliseconds, $"{watch.ElapsedMilliseconds} ms");
        Assert.Contains("8192", Assert.Throws<ArgumentException>(() => builder.Add("one more", Modules.ReLU(), value)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_concatenation_that_names_one_input_a_million_times_is_refused()
    {
        var builder = new ModelBuilder(1);
        Value conv = builder.Add("relu", Modules.ReLU(), builder.Input);
        Saved(builder.Build(builder.Add("cat", Modules.Cat(), conv, conv)), isFloat: false);
        SafetensorsFile file = SafetensorsFile.Load(_path);
        string many = string.Join(",", Enumerable.Repeat("\"relu\"", 1_000_000));
        SafetensorsChange.Save(file, _path, header => header["layers"] = header["layers"].Replace("\"relu\",\"relu\"", many, StringComparison.Ordinal));

        string message = Measured(() => Assert.Throws<InvalidDataException>(() => QuantizedModel.Load(_path)).Message);

        Assert.Contains("1024 inputs", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_lies_between_the_layers_can_be_known_before_a_run()
    {
        var builder = new ModelBuilder(1);
        Value up = builder.Add("up", Modules.Upsample(UpsampleSpec.ByFactor(UpsampleMode.Nearest, 1000)), builder.Input);
        Saved(builder.Build(builder.Add("down", Modules.Upsample(UpsampleSpec.ToSize(UpsampleMode.Nearest, 4, 4)), up)), isFloat: false);
        QuantizedModel model = QuantizedModel.Load(_path);

        Assert.Equal(new Shape4(1, 1, 4, 4), model.OutputShape(new Shape4(1, 1, 8, 8)));
        Assert.InRange(model.WorkingMemory(new Shape4(1, 1, 8, 8)), 64_000_000, 65_000_000);
    }

    [Fact]
    public void Channels_that_a_chain_of_concatenations_multiplies_are_refused()
    {
        var builder = new ModelBuilder(1000);
        Value value = builder.Input;
        Exception? refusal = null;
        for (int i = 0; i < 6 && refusal is null; i++)
        {
            refusal = Record.Exception(() => value = builder.Add("cat" + i, Modules.Cat(), Enumerable.Repeat(value, 1000).ToArray()));
        }

        Assert.Contains("channels in all", Assert.IsType<ArgumentException>(refusal).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00x")]
    public void Half_a_surrogate_pair_in_the_list_of_layers_is_refused(string half)
    {
        foreach (string text in (string[])["\"conv\"", "\"Conv2d\"", "\"stride_width\"", "\"input\"", "\"int8\""])
        {
            Saved(Convolution(), isFloat: true);
            SafetensorsChange.Save(SafetensorsFile.Load(_path), _path, header => header["layers"] = header["layers"].Replace(text, $"\"{half}\"", StringComparison.Ordinal));

            Assert.Throws<InvalidDataException>(() => QuantizedModel.Load(_path));
        }
    }

    [Fact]
    public void A_sequence_with_weights_that_overflow_is_a_damaged_file()
    {
        TwoLayersData.Sequence().Save(_path);
        SafetensorsChange.Save(SafetensorsFile.Load(_path), _path, floats: (name, data) =>
        {
            if (name is "First.weight_scale" or "First.scale")
            {
                data.AsSpan().Fill(name == "First.scale" ? float.Epsilon : float.MaxValue);
            }
        });

        Assert.Throws<InvalidDataException>(() => TwoLayers.Load(_path));
    }

    [Fact]
    public void A_calibration_without_a_scale_says_so_when_it_is_converted()
    {
        FloatModel model = Convolution();
        model.Prepare(QConfig.FullRange);
        model.Calibrate(new FloatTensor(new Shape4(1, 2, 6, 6)));
        model.SaveCalibration(_path);
        SafetensorsChange.Save(SafetensorsFile.Load(_path), _path, floats: (name, data) => data.AsSpan().Fill(name.EndsWith("min_val", StringComparison.Ordinal) ? 0f : name.StartsWith("input", StringComparison.Ordinal) ? float.MaxValue : 0f));
        model.LoadCalibration(_path);

        Assert.Contains("conv", Assert.Throws<InvalidOperationException>(() => model.Convert()).Message, StringComparison.Ordinal);
    }

    private static FloatModel Convolution()
    {
        var builder = new ModelBuilder(2);
        return builder.Build(builder.Add("conv", Modules.Conv2d(new LayerWeights(Weights(3, 2))), builder.Input));
    }

    private static FloatModel Transposed()
    {
        var builder = new ModelBuilder(2);
        return builder.Build(builder.Add("conv", Modules.ConvTranspose2d(new LayerWeights(Weights(2, 3)), stride: 2), builder.Input));
    }

    private static FloatWeight Weights(int first, int second)
    {
        var shape = new Shape4(first, second, 3, 3);
        return new FloatWeight(shape, [.. Enumerable.Range(0, shape.Count).Select(static i => 0.01f * (i % 7 - 3))]);
    }

    private void Saved(FloatModel model, bool isFloat)
    {
        if (isFloat)
        {
            // A converted model has something in int8.
            var builder = new ModelBuilder(model.InChannels);
            Value value = builder.Add("relu", Modules.ReLU(), builder.Input);
            foreach (var node in model.Nodes)
            {
                value = builder.Add(node.Name, node.Layer, value);
            }

            model = builder.Build(value);
        }

        QConfigMapping mapping = QConfigMapping.Uniform(QConfig.FullRange);
        model.Prepare(isFloat ? mapping.SetModuleName("conv", null) : mapping);
        var batch = new FloatTensor(new Shape4(1, model.InChannels, 8, 8));
        batch.Data.Fill(1);
        model.Calibrate(batch);
        model.Convert().Save(_path);
    }

    private void Change(string name, int value)
    {
        SafetensorsChange.Save(SafetensorsFile.Load(_path), _path, header =>
        {
            string layers = header["layers"];
            int at = layers.IndexOf($"\"{name}\":\"", StringComparison.Ordinal) + name.Length + 4;
            Assert.True(at > name.Length + 4);
            header["layers"] = $"{layers[..at]}{value}{layers[layers.IndexOf('"', at)..]}";
        });
    }

    private string Refusal(string name, int value)
    {
        Change(name, value);
        return Assert.Throws<InvalidDataException>(() => QuantizedModel.Load(_path)).Message;
    }

    private T Measured<T>(Func<T> action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        T result = action();
        Assert.True(watch.ElapsedMilliseconds < MostMilliseconds, $"{watch.ElapsedMilliseconds} ms");
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < Math.Max(16 << 20, 20 * new FileInfo(_path).Length), $"{allocated} bytes");
        return result;
    }
}
