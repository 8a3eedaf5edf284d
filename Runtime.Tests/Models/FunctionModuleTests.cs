using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;
using Kernels.Training;
using Xunit;

namespace Kernels.Tests.Models;

/// <summary>Layers without weights that are trained: each in a small model, from calibration to a file and back, and in training.</summary>
public sealed class FunctionModuleTests : IDisposable
{
    private static readonly Shape4 Shape = new(2, 8, 6, 4);

    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public static TheoryData<string> Names => [.. Layers().Keys];

    public void Dispose() => File.Delete(_path);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_converted_model_is_near_the_float_one_and_survives_its_file(string name)
    {
        FloatModel model = Build(name, out bool staysFloat);
        FloatTensor input = SkipNet.Batch(3, Shape);
        FloatTensor expected = model.Forward(input);
        model.Prepare(QConfig.FullRange);
        model.Calibrate(input);
        QuantizedModel converted = model.Convert();
        converted.Save(_path);

        QuantizedModel loaded = QuantizedModel.Load(_path);

        float[] actual = converted.Forward(input).Data.ToArray();
        Assert.Equal(actual, loaded.Forward(input).Data.ToArray());
        Assert.Equal(!staysFloat, converted.Layers[1].IsQuantized);

        // A layer that keeps its input's scale may be off by one of its steps.
        float tolerance = Math.Max(0.06f * expected.Data.ToArray().Max(Math.Abs), converted.Layers[1].OutputQuantization?.Scale ?? 0f);
        for (int i = 0; i < actual.Length; i++)
        {
            Assert.True(Math.Abs(expected.Data[i] - actual[i]) <= tolerance, $"{name} {i}: {expected.Data[i]} {actual[i]}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_layer_in_float_survives_its_file(string name)
    {
        FloatModel model = Build(name, out _);
        FloatTensor input = SkipNet.Batch(3, Shape);
        model.Prepare(QConfigMapping.Uniform(QConfig.FullRange).SetModuleName("layer", null));
        model.Calibrate(input);
        QuantizedModel converted = model.Convert();
        converted.Save(_path);

        Assert.False(converted.Layers[1].IsQuantized);
        Assert.Equal(converted.Forward(input).Data.ToArray(), QuantizedModel.Load(_path).Forward(input).Data.ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Training_sees_the_very_outputs_of_the_converted_model(string name)
    {
        FloatModel model = Build(name, out _);
        FloatTensor input = SkipNet.Batch(3, Shape);
        QuantizationAwareModel training = model.PrepareForTraining(QConfigMapping.Uniform(QConfig.FullRangeTraining));
        training.Forward(input);
        training.EnableObserver(false);
        training.Backward(training.Forward(input));

        Assert.Equal(training.Convert().Forward(input).Data.ToArray(), training.Forward(input).Data.ToArray());
    }

    [Fact]
    public void Files_of_before_there_were_other_conventions_are_still_read()
    {
        var builder = new ModelBuilder(8);
        Value up = builder.Add("up", Modules.Upsample(UpsampleSpec.ByFactor(UpsampleMode.Bilinear, 2)), builder.Input);
        FloatModel model = builder.Build(builder.Add("mean", Modules.GlobalAvgPool2d(), up));
        FloatTensor input = SkipNet.Batch(3, Shape);
        model.Prepare(QConfig.FullRange);
        model.Calibrate(input);
        QuantizedModel converted = model.Convert();
        converted.Save(_path);
        int length = Change(text => text
            .Replace("\"coordinates\":\"HalfPixel\",", "", StringComparison.Ordinal)
            .Replace("\"rounding\":\"Floor\",", "", StringComparison.Ordinal)
            .Replace("\"output_height\":\"1\",\"output_width\":\"1\"", "", StringComparison.Ordinal));
        Assert.Equal("\"coordinates\":\"HalfPixel\",\"rounding\":\"Floor\",\"output_height\":\"1\",\"output_width\":\"1\"".Length, length);

        Assert.Equal(converted.Forward(input).Data.ToArray(), QuantizedModel.Load(_path).Forward(input).Data.ToArray());
    }

    [Fact]
    public void A_layer_without_int8_form_cannot_be_int8_in_a_file()
    {
        FloatModel model = Build("Softmax", out _);
        model.Prepare(QConfig.FullRange);
        model.Calibrate(SkipNet.Batch(3, Shape));
        model.Convert().Save(_path);
        Assert.NotEqual(0, Change(static text => text.Replace("\"type\":\"Softmax\",\"int8\":false", "\"type\":\"Softmax\",\"int8\":true", StringComparison.Ordinal)));

        Assert.Contains("has no int8 form", Assert.Throws<InvalidDataException>(() => QuantizedModel.Load(_path)).Message, StringComparison.Ordinal);
    }

    /// <summary>Changes the layers' description in the file; returns how much shorter it became.</summary>
    private int Change(Func<string, string> change)
    {
        int shorter = 0;
        SafetensorsChange.Save(SafetensorsFile.Load(_path), _path, metadata: header =>
        {
            string before = header["layers"];
            header["layers"] = change(before);
            shorter = before.Length - header["layers"].Length;
        });
        return shorter;
    }

    private static FloatModel Build(string name, out bool staysFloat)
    {
        (Module layer, bool isFloat) = Layers()[name];
        staysFloat = isFloat;
        var builder = new ModelBuilder(8);
        Value conv = builder.Add("conv", Modules.Conv2d(SkipNet.Weights(1, new Shape4(8, 8, 1, 1), 8)), builder.Input);
        Value value = name.StartsWith("Join", StringComparison.Ordinal)
            ? builder.Add("layer", layer, conv, builder.Input)
            : builder.Add("layer", layer, conv);
        return builder.Build(builder.Add("end", Modules.LeakyReLU(0.9f), value));
    }

    private static Dictionary<string, (Module Layer, bool StaysFloat)> Layers()
    {
        float[] channels = [0.1f, 0.5f, 0.3f, -0.2f, 1.5f, 1f, 0.9f, -1f];
        var normalization = new NormalizationParameters(8, channels, channels, 1e-3f);
        return new Dictionary<string, (Module, bool)>
        {
            ["Hardsigmoid"] = (Modules.Hardsigmoid(), false),
            ["Hardtanh"] = (Modules.Hardtanh(-0.3f, 0.4f), false),
            ["PReLU"] = (Modules.PReLU(channels), false),
            ["PReLU of one"] = (Modules.PReLU(0.2f), false),
            ["SiLU"] = (Modules.SiLU(), false),
            ["GELU"] = (Modules.GELU(GeluApproximation.Tanh), false),
            ["ELU"] = (Modules.ELU(0.5f), false),
            ["Mish"] = (Modules.Mish(), false),
            ["Softplus"] = (Modules.Softplus(2f, 10f), false),
            ["Affine"] = (Modules.Affine(new AffineParameters(channels, [0.5f])), false),
            ["AdaptiveAvgPool2d"] = (Modules.AdaptiveAvgPool2d(new AdaptivePoolingSpec(4, null)), false),
            ["Mean"] = (Modules.Mean(new MeanSpec(1, 3)), false),
            ["Resize"] = (Modules.Upsample(UpsampleSpec.ToSize(UpsampleMode.Nearest, 9, 3) with { Coordinates = PixelCoordinates.AlignCorners, Rounding = NearestRounding.Ceil }), false),
            ["Slice"] = (Modules.Slice(new SliceSpec(1, 1, -1, 2)), false),
            ["Slice of rows"] = (Modules.Slice(new SliceSpec(2, -4)), false),
            ["PixelShuffle"] = (Modules.PixelShuffle(new PixelShuffleSpec(2)), false),
            ["PixelUnshuffle"] = (Modules.PixelUnshuffle(new PixelShuffleSpec(2) { PixelsFirst = true }), false),
            ["Reshape"] = (Modules.Reshape(new ReshapeSpec(12, -1, 2)), false),
            ["Join Sub"] = (Modules.Sub(), false),
            ["Join Mul"] = (Modules.Mul(relu: true), false),
            ["Softmax"] = (Modules.Softmax(-1), true),
            ["InstanceNorm2d"] = (Modules.InstanceNorm2d(normalization), true),
            ["LayerNorm"] = (Modules.LayerNorm(normalization), true),
            ["GroupNorm"] = (Modules.GroupNorm(4, normalization), true),
        };
    }
}
