using System;
using System.IO;
using System.Linq;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Models;

public sealed class QuantizedModelFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_loaded_model_needs_nothing_but_the_file_and_computes_what_the_saved_one_did()
    {
        QuantizedModel saved = QuantizedModelTests.Converted(SkipNet.Build().Fuse(), QConfig.FullRange, keep: "add");
        saved.Save(_path);

        QuantizedModel loaded = QuantizedModel.Load(_path);

        Assert.Equal(saved.Forward(SkipNet.Batch(3)).Data.ToArray(), loaded.Forward(SkipNet.Batch(3)).Data.ToArray());
        Assert.Equal(saved.InputQuantization, loaded.InputQuantization);
        Assert.Equal(saved.Layers.Select(Describe), loaded.Layers.Select(Describe));
    }

    [Fact]
    public void Every_kind_of_layer_survives_in_int8_and_in_float()
    {
        FloatModel model = Everything();
        QuantizedModel int8 = QuantizedModelTests.Converted(model, QConfig.FullRange);
        model.Prepare(QConfigMapping.Uniform(QConfig.FullRange).SetModuleNameRegex("(?!conv$)", null));
        model.Calibrate(SkipNet.Batch(1));
        QuantizedModel mixed = model.Convert();

        Assert.Equal(model.LayerNames.Count, int8.Layers.Count(static layer => layer.IsQuantized));
        Assert.Equal(1, mixed.Layers.Count(static layer => layer.IsQuantized));
        foreach (QuantizedModel saved in (QuantizedModel[])[int8, mixed])
        {
            saved.Save(_path);
            Assert.Equal(saved.Forward(SkipNet.Batch(3)).Data.ToArray(), QuantizedModel.Load(_path).Forward(SkipNet.Batch(3)).Data.ToArray());
        }
    }

    [Fact]
    public void Stubs_survive()
    {
        var builder = new ModelBuilder(3);
        Value quantized = builder.Add("q", Modules.QuantStub(), builder.Input);
        Value conv = builder.Add("conv", Modules.Conv2d(SkipNet.Conv1), quantized);
        Value back = builder.Add("dq", Modules.DeQuantStub(), conv);
        QuantizedModel saved = QuantizedModelTests.Converted(builder.Build(builder.Add("relu", Modules.ReLU(), back)), QConfig.Qnnpack);
        saved.Save(_path);

        QuantizedModel loaded = QuantizedModel.Load(_path);

        Assert.Equal([true, true, false, false], loaded.Layers.Select(static layer => layer.IsQuantized));
        Assert.Equal(saved.Forward(SkipNet.Batch(3)).Data.ToArray(), loaded.Forward(SkipNet.Batch(3)).Data.ToArray());
    }

    [Fact]
    public void Generated_kernels_are_named_when_loading()
    {
        var builder = new ModelBuilder(2);
        Value first = builder.Add("first", Modules.Generated<First>(SkipNet.Weights(7, First.Spec.WeightShape, 5)), builder.Input);
        FloatModel model = builder.Build(builder.Add("second", Modules.Generated<Second>(SkipNet.Weights(8, Second.Spec.WeightShape, 0)), first));
        var shape = new Shape4(1, 2, 6, 7);
        model.Prepare(QConfig.FullRange);
        model.Calibrate(SkipNet.Batch(1, shape));
        QuantizedModel saved = model.Convert();
        saved.Save(_path);

        QuantizedModel loaded = QuantizedModel.Load(_path, LayerFactory.For<First>("first"), LayerFactory.For<Second>("second"));

        Assert.Equal(saved.Forward(SkipNet.Batch(2, shape)).Data.ToArray(), loaded.Forward(SkipNet.Batch(2, shape)).Data.ToArray());
        Assert.Equal(saved.Forward(SkipNet.Batch(2, shape)).Data.ToArray(), QuantizedModel.Load(_path).Forward(SkipNet.Batch(2, shape)).Data.ToArray());
        Assert.Contains("annotate the class like the saved layer", Refusal(LayerFactory.For<First>("second")), StringComparison.Ordinal);
        Assert.Contains("no layer \"third\"", Refusal(LayerFactory.For<First>("third")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("format", "Other", "this is not a converted model")]
    [InlineData("version", "2", "another version")]
    [InlineData("channels", "0", "at least 1")]
    [InlineData("channels", "4", "cannot read input")]
    [InlineData("layers", "[", "JSON")]
    [InlineData("layers", "{}", "is damaged")]
    [InlineData("layers", "[]", "must be made by one of its layers")]
    [InlineData("layers", "[{\"name\":\"a\",\"type\":\"Elu\",\"int8\":true,\"inputs\":[\"input\"],\"arguments\":{}}]", "knows no layers of the type \"Elu\"")]
    [InlineData("layers", "[{\"name\":\"a\",\"type\":\"ReLU\",\"int8\":true,\"inputs\":[\"b\"],\"arguments\":{}}]", "which no layer before it makes")]
    [InlineData("layers", "[{\"name\":\"a\",\"type\":\"ReLU\",\"int8\":1,\"inputs\":[\"input\"],\"arguments\":{}}]", "int8 is missing")]
    [InlineData("layers", "[{\"name\":\"a\",\"type\":\"ReLU\",\"int8\":true,\"inputs\":[\"input\"],\"arguments\":{\"slope\":\"1\"}}]", "not one that this version writes")]
    [InlineData("layers", "[{\"name\":\"a\",\"type\":\"LeakyReLU\",\"int8\":true,\"inputs\":[\"input\"],\"arguments\":{}}]", "\"negative_slope\" is missing")]
    [InlineData("layers", "[{\"name\":\"a\",\"type\":\"LeakyReLU\",\"int8\":true,\"inputs\":[\"input\"],\"arguments\":{\"negative_slope\":\"x\"}}]", "cannot be \"x\"")]
    [InlineData("layers", "[{\"name\":\"a\",\"type\":\"ReLU\",\"int8\":true,\"inputs\":[\"input\"],\"arguments\":{}}]", "is no layer's")]
    public void A_header_that_was_not_written_by_this_version_is_refused(string name, string value, string reason)
    {
        SafetensorsChange.Save(Saved(), _path, metadata: m => m[name] = value);

        Assert.Contains(reason, Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("input.scale", float.NaN, "positive and finite")]
    [InlineData("conv1.scale", 0f, "positive and finite")]
    [InlineData("conv2.weight_scale", float.PositiveInfinity, "positive and finite")]
    [InlineData("conv2.bias", float.NaN, "must be finite")]
    [InlineData("crop.scale", 0.5f, "keeps the scale and zero point of its input")]
    public void A_number_that_cannot_be_is_refused(string name, float value, string reason)
    {
        SafetensorsChange.Save(Saved(), _path, floats: (tensor, data) => data[0] = tensor == name ? value : data[0]);

        Assert.Contains(reason, Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("input.zero_point", 256)]
    [InlineData("convt.zero_point", -1)]
    [InlineData("conv2.weight_zero_point", 128)]
    public void A_zero_point_outside_its_type_is_refused(string name, int value)
    {
        SafetensorsChange.Save(Saved(), _path, integers: (tensor, data) => data[0] = tensor == name ? value : data[0]);

        Assert.Contains("zero point", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_tensor_is_needed()
    {
        SafetensorsFile saved = Saved();
        foreach (string name in saved.Tensors.Keys)
        {
            SafetensorsChange.Save(saved, _path, drop: name);

            // Without its scale a value is not int8, so the name of the value is what is missed.
            Assert.Contains(name.EndsWith(".scale", StringComparison.Ordinal) ? name[..^".scale".Length] : name, Refusal(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_tensor_too_many_or_of_another_shape_is_refused()
    {
        SafetensorsChange.Save(Saved(), _path, add: static writer => writer.Add("other", [1], new float[1]));
        Assert.Contains("\"other\" is no layer's", Refusal(), StringComparison.Ordinal);

        SafetensorsChange.Save(Saved(), _path, drop: "conv2.weight", add: static writer => writer.Add("conv2.weight", [4, 4, 9], new sbyte[144]));
        Assert.Contains("should have the shape [4, 4, 3, 3]", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_header_is_refused_or_is_another_valid_model()
    {
        Saved();
        byte[] file = File.ReadAllBytes(_path);
        int header = 8 + (int)BitConverter.ToInt64(file, 0);
        int refused = 0;
        for (int i = 0; i < header; i++)
        {
            byte[] damaged = [.. file];
            damaged[i] ^= (byte)(1 << (i % 7));
            try
            {
                QuantizedModelFile.Read(SafetensorsFile.Parse(damaged), []);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.True(refused > header / 2, $"{refused} of {header} damaged files were refused");
    }

    [Fact]
    public void A_truncated_file_is_refused()
    {
        Saved();
        byte[] file = File.ReadAllBytes(_path);
        for (int length = 0; length < file.Length; length += 97)
        {
            File.WriteAllBytes(_path, file[..length]);

            Assert.Throws<InvalidDataException>(() => QuantizedModel.Load(_path));
        }
    }

    [Fact]
    public void Calibration_goes_on_after_saving_and_loading()
    {
        FloatModel whole = SkipNet.Build();
        whole.Prepare(QConfig.X86);
        whole.Calibrate([SkipNet.Batch(1), SkipNet.Batch(2)]);
        FloatModel half = SkipNet.Build();
        half.Prepare(QConfig.X86);
        half.Calibrate(SkipNet.Batch(1));
        half.SaveCalibration(_path);
        FloatModel other = SkipNet.Build();
        other.Prepare(QConfig.X86);
        other.LoadCalibration(_path);
        other.Calibrate(SkipNet.Batch(2));

        Assert.Equal(whole.Convert().Layers.Select(static layer => layer.OutputQuantization), other.Convert().Layers.Select(static layer => layer.OutputQuantization));
    }

    [Fact]
    public void Calibration_of_another_model_is_refused()
    {
        FloatModel model = SkipNet.Build();
        model.Prepare(QConfig.X86);
        model.Calibrate(SkipNet.Batch(1));
        model.SaveCalibration(_path);
        var builder = new ModelBuilder(3);
        FloatModel smaller = builder.Build(builder.Add("conv1", Modules.Conv2d(SkipNet.Conv1), builder.Input));
        smaller.Prepare(QConfig.X86);
        FloatModel larger = SkipNet.Build();
        larger.Prepare(QConfig.X86 with { Activation = static () => new MinMaxObserver() });

        Assert.Contains("is no observer's", Assert.Throws<InvalidDataException>(() => smaller.LoadCalibration(_path)).Message, StringComparison.Ordinal);
        Assert.Contains("saved by another class", Assert.Throws<InvalidDataException>(() => larger.LoadCalibration(_path)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => smaller.Convert());
    }

    private SafetensorsFile Saved()
    {
        QuantizedModelTests.Converted(SkipNet.Build(), QConfig.FullRange, keep: "mul").Save(_path);
        return SafetensorsFile.Load(_path);
    }

    private string Refusal(params LayerFactory[] kernels)
    {
        string message = Assert.Throws<InvalidDataException>(() => QuantizedModel.Load(_path, kernels)).Message;
        Assert.StartsWith(_path, message, StringComparison.Ordinal);
        return message;
    }

    private static FloatModel Everything()
    {
        var builder = new ModelBuilder(3);
        Value value = builder.Input;
        Module[] layers =
        [
            Modules.BatchNorm2d(new BatchNormParameters([0.1f, 0f, -0.1f], [1f, 2f, 0.5f], [1f, 0.5f, 2f], [0f, 0.1f, 0.2f], 1e-3f)),
            Modules.LeakyReLU(0.2f),
            Modules.Hardswish(),
            Modules.Pad(new PadSpec(2, 1, 1, 2, PadMode.Reflect)),
            Modules.MaxPool2d(new PoolingSpec(3, 2, 1) { CeilMode = true }),
            Modules.Upsample(UpsampleSpec.ByFactor(UpsampleMode.Bilinear, 1.7, 2.5)),
            Modules.AvgPool2d(new PoolingSpec(2, 1) { CountIncludePad = false, DivisorOverride = 3 }),
            Modules.Crop(new CropSpec(1, 0, 2, 1)),
            Modules.ReLU6(),
            Modules.Upsample(UpsampleSpec.ToSize(UpsampleMode.Nearest, 6, 5)),
            Modules.Tanh(),
        ];
        for (int i = 0; i < layers.Length; i++)
        {
            value = builder.Add($"{layers[i].Type}_{i}", layers[i], value);
        }

        Value conv = builder.Add("conv", Modules.Convolution(FloatModelTests.Spec(SkipNet.Conv1) with { Activation = Activation.LeakyRelu, NegativeSlope = 0.3f, PaddingHeight = 1, PaddingWidth = 1 }, SkipNet.Conv1), value);
        Value grouped = builder.Add("grouped", Modules.ConvTranspose2d(SkipNet.Weights(3, new Shape4(4, 2, 3, 3), 4), stride: 2, padding: 1, outputPadding: 1, groups: 2), conv);
        Value relu = builder.Add("relu", Modules.ReLU(), grouped);
        Value sum = builder.Add("sum", Modules.Add(relu: true), relu, grouped);
        Value mean = builder.Add("mean", Modules.GlobalAvgPool2d(), sum);
        Value gate = builder.Add("gate", Modules.Sigmoid(), mean);
        Value product = builder.Add("product", Modules.Mul(), sum, gate);
        Value cat = builder.Add("cat", Modules.Cat(-2, sharesQuantization: false), product, relu);
        Value flat = builder.Add("flat", Modules.Flatten(), cat);
        return builder.Build(builder.Add("fc", Modules.Linear(SkipNet.Weights(5, new Shape4(6, 4 * 24 * 10, 1, 1), 6)), flat));
    }

    private static string Describe(ConvertedLayer layer) => $"{layer.Name} {layer.Type} {layer.IsQuantized} {layer.OutputQuantization}";
}
