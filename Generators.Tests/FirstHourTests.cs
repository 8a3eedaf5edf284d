using System;
using System.IO;
using Kernels.Generators.Tests.Support;
using Kernels.Models;
using Kernels.Quantization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Mistakes of somebody who uses the library for the first time, and what is said to each: what is wrong, and what to do.</summary>
public sealed class FirstHourTests : IDisposable
{
    private const string Network = """
        [QuantizedModel]
        public partial class Network
        {
            [QuantizedConv2d(InChannels = 3, OutChannels = 4, Kernel = 3, Padding = 1)] private static partial Value Conv(Value x);
            [QuantizedConvTranspose2d(InChannels = 4, OutChannels = 3, Kernel = 2, Stride = 2)] private static partial Value Up(Value x);
            public static Value Forward(Value x) => Up(ReLU(Conv(x)));
        }
        """;

    private static readonly Lazy<CompiledNetwork> Compiled = new(static () => new CompiledNetwork(Network));

    private readonly string _folder = Directory.CreateTempSubdirectory("kernels-first-hour").FullName;

    [Theory]
    [InlineData("class not partial", "[Kernels.QuantizedConv2d(InChannels = 3, OutChannels = 4, Kernel = 3)] public class A;", "KRN001", "partial")]
    [InlineData("no sizes", "[Kernels.QuantizedConv2d(OutChannels = 4, Kernel = 3)] public partial class A;", "KRN002", "InChannels")]
    [InlineData("no channels", "[Kernels.QuantizedConv2d(InChannels = 0, OutChannels = 4, Kernel = 3)] public partial class A;", "KRN003", "1 to 65536")]
    [InlineData("groups", "[Kernels.QuantizedConv2d(InChannels = 3, OutChannels = 4, Kernel = 3, Groups = 2)] public partial class A;", "KRN004", "divisible")]
    [InlineData("output padding", "[Kernels.QuantizedConvTranspose2d(InChannels = 3, OutChannels = 4, Kernel = 3, Stride = 2, OutputPadding = 2)] public partial class A;", "KRN005", "must be smaller")]
    [InlineData("two attributes", "[Kernels.QuantizedConv2d(InChannels = 3, OutChannels = 4, Kernel = 3), Kernels.QuantizedLinear(InFeatures = 3, OutFeatures = 4)] public partial class A;", "KRN014", "one class for each")]
    [InlineData("own constructor", "[Kernels.QuantizedConv2d(InChannels = 3, OutChannels = 4, Kernel = 3)] public partial class A(int x) { public int X => x; }", "KRN015", "constructor")]
    [InlineData("own member", "[Kernels.QuantizedConv2d(InChannels = 3, OutChannels = 4, Kernel = 3)] public partial class A { public int Spec => 1; }", "KRN015", "Spec")]
    [InlineData("no layers", "[Kernels.QuantizedSequential] public partial class A;", "KRN016", "at least one")]
    [InlineData("channels that do not follow", "[Kernels.QuantizedConv2d(InChannels = 3, OutChannels = 4, Kernel = 3)] public partial class L; [Kernels.QuantizedSequential(typeof(L), typeof(L))] public partial class A;", "KRN018", "3")]
    public void A_wrong_declaration_is_one_error_and_none_in_generated_files(string mistake, string source, string id, string says)
    {
        GeneratorRun run = GeneratorHarness.Run(source);

        Diagnostic diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Contains(says, diagnostic.GetMessage(null), StringComparison.Ordinal);
        Assert.DoesNotContain(run.Output.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true);
        Assert.NotEmpty(mistake);
    }

    [Fact]
    public void A_project_in_an_old_language_is_told_which_one_it_needs()
    {
        string source = "[Kernels.QuantizedConv2d(InChannels = 3, OutChannels = 4, Kernel = 3)] public partial class A { }";

        GeneratorRun old = GeneratorHarness.Run(GeneratorHarness.Compile([source], language: LanguageVersion.CSharp12));
        GeneratorRun oldEnough = GeneratorHarness.Run(GeneratorHarness.Compile([source, CompiledNetwork.Source(Network)], language: LanguageVersion.CSharp13));

        Assert.Equal("KRN020", Assert.Single(old.Diagnostics).Id);
        Assert.Empty(old.Files);
        oldEnough.AssertCompiles();
    }

    [Fact]
    public void A_bias_that_the_file_lacks_is_missing() =>
        Says<InvalidDataException>(() => Load(Weights().Tensor("Conv.weight", [4, 3, 3, 3], 1)), "no tensor \"Conv.bias\"", "Bias = false");

    [Fact]
    public void A_weight_under_another_name_is_found() =>
        Says<InvalidDataException>(() => Load(Weights().Conv("conv", 4, 3, 3)), "no tensor \"Conv.weight\"", "but \"conv.weight\"", "Weights on the layer's attribute");

    [Fact]
    public void A_weight_of_another_shape_says_both() =>
        Says<InvalidDataException>(() => Load(Weights().Conv("Conv", 4, 3, 5)), "Conv: needs weights of shape [4, 3, 3, 3]", "[4, 3, 5, 5]");

    [Fact]
    public void A_weight_that_is_NaN_names_its_tensor() =>
        Says<InvalidDataException>(() => Load(Weights().Tensor("Conv.weight", [4, 3, 3, 3], float.NaN).Tensor("Conv.bias", [4], 1)), "\"Conv.weight\"", "NaN");

    [Fact]
    public void A_bias_that_is_NaN_names_its_tensor() =>
        Says<InvalidDataException>(() => Load(Weights().Tensor("Conv.weight", [4, 3, 3, 3], 1).Tensor("Conv.bias", [4], float.NaN)), "\"Conv.bias\"", "NaN");

    [Fact]
    public void A_batch_that_holds_NaN_says_where() => Says<ArgumentException>(
        () =>
        {
            FloatTensor batch = Batch();
            batch.Data[7] = float.NaN;
            Prepared().Calibrate(batch);
        },
        "The batch holds NaN at element 7");

    [Fact]
    public void Convert_without_Prepare_says_the_order() => Says<InvalidOperationException>(() => Make().Convert(), "call Prepare first, then Calibrate, then Convert");

    [Fact]
    public void Convert_without_Calibrate_says_so() => Says<InvalidOperationException>(() => Prepared().Convert(), "call Calibrate with typical inputs before Convert");

    [Fact]
    public void A_calibration_with_zeros_alone_says_so() => Says<InvalidOperationException>(
        () =>
        {
            AnnotatedModel model = Prepared();
            model.Calibrate(new FloatTensor(new Shape4(1, 3, 8, 8)));
            model.Convert();
        },
        "nothing but zeros at the input");

    [Fact]
    public void A_configuration_for_a_layer_that_there_is_not_names_the_nearest() =>
        Says<ArgumentException>(() => Make().Prepare(QConfigMapping.Uniform(QConfig.FullRange).SetModuleName("Cnov", null)), "\"Cnov\"", "the nearest are \"Conv\", \"Up\"");

    [Fact]
    public void A_configuration_for_a_type_that_there_is_not_names_the_nearest() =>
        Says<ArgumentException>(() => Make().Prepare(QConfigMapping.Uniform(QConfig.FullRange).SetObjectType("Conv2D", null)), "\"Conv2D\"", "the nearest are \"Conv2d\"");

    [Fact]
    public void A_picture_with_alpha_says_how_many_channels_are_read() => Says<ArgumentException>(() => Make().Forward(new FloatTensor(new Shape4(1, 4, 8, 8))), "reads 3 channels", "[1, 4, 8, 8]");

    [Fact]
    public void A_buffer_that_is_too_short_says_how_long_it_must_be() =>
        Says<ArgumentException>(() => Converted().Run(new float[3 * 8 * 8], 1, 8, 8, new float[5]), "768 elements", "the span has 5");

    [Fact]
    public void A_converted_model_in_the_place_of_weights_says_what_reads_it() =>
        Says<InvalidDataException>(() => Compiled.Value.Make(SafetensorsFile.Load(ModelFile())), "holds a converted model", "QuantizedModel.Load");

    [Fact]
    public void Weights_in_the_place_of_a_converted_model_say_what_reads_them() => Says<InvalidDataException>(
        () =>
        {
            var writer = new SafetensorsWriter();
            writer.Add("Conv.weight", [1], [1f]);
            writer.Save(Path("weights"));
            QuantizedModel.Load(Path("weights"));
        },
        "not a converted model",
        "float weights",
        "SafetensorsFile.Load");

    [Fact]
    public void A_calibration_in_the_place_of_a_converted_model_says_what_reads_it() => Says<InvalidDataException>(
        () =>
        {
            AnnotatedModel model = Prepared();
            model.Calibrate(Batch());
            model.SaveCalibration(Path("calibration"));
            Compiled.Value.Load(Path("calibration"));
        },
        "holds a calibration",
        "LoadCalibration");

    [Fact]
    public void A_converted_model_in_the_place_of_a_calibration_says_what_reads_it() =>
        Says<InvalidDataException>(() => Prepared().LoadCalibration(ModelFile()), "not a calibration", "QuantizedModel.Load");

    [Fact]
    public void The_model_of_another_class_says_whose_layers_it_has() => Says<InvalidDataException>(
        () =>
        {
            using var other = new CompiledNetwork("[QuantizedModel] public partial class Network { [QuantizedConv2d(InChannels = 3, OutChannels = 8, Kernel = 1)] private static partial Value First(Value x); public static Value Forward(Value x) => First(x); }");
            other.Load(ModelFile());
        },
        "No layer of the file (Conv, Up) is one of this class (First)");

    [Theory]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4, 0, 0, 0, 0, 0, 0 }, "PyTorch checkpoint", "safetensors.torch.save_file")]
    [InlineData(new byte[] { 0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20 }, "PyTorch checkpoint", "safetensors.torch.save_file")]
    [InlineData(new byte[] { 8, 8, 0x12, 7, (byte)'p', (byte)'y', (byte)'t', (byte)'o', (byte)'r', (byte)'c', (byte)'h' }, "ONNX", "OnnxModel.Load")]
    [InlineData(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0 }, "picture", "not a safetensors file")]
    public void A_file_of_another_format_says_what_it_is(byte[] bytes, params string[] says)
    {
        File.WriteAllBytes(Path("file"), bytes);

        Says<InvalidDataException>(() => SafetensorsFile.Load(Path("file")), says);
    }

    [Fact]
    public void Models_and_calibrations_go_through_streams_as_through_files()
    {
        AnnotatedModel model = Prepared();
        model.Calibrate(Batch());
        using var calibration = new MemoryStream();
        model.SaveCalibration(calibration);
        calibration.Position = 0;
        AnnotatedModel other = Prepared();
        other.LoadCalibration(calibration);
        using var converted = new MemoryStream();
        other.Convert().Save(converted);
        converted.Position = 0;

        Assert.Equal(model.Convert().Forward(Batch()).Data.ToArray(), QuantizedModel.Load(converted).Forward(Batch()).Data.ToArray());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static StateDict Weights() => new StateDict(1).Layer("Up", 3, 4, 3, 2, 2);

    private static AnnotatedModel Load(StateDict weights) => Compiled.Value.Make(weights.File());

    private static AnnotatedModel Make() => Load(Weights().Conv("Conv", 4, 3, 3));

    private static AnnotatedModel Prepared()
    {
        AnnotatedModel model = Make();
        model.Prepare();
        return model;
    }

    private static QuantizedModel Converted()
    {
        AnnotatedModel model = Prepared();
        model.Calibrate(Batch());
        return model.Convert();
    }

    private static FloatTensor Batch() => StateDict.Batch(2, new Shape4(1, 3, 8, 8));

    private static void Says<T>(Action mistake, params string[] parts)
        where T : Exception
    {
        string message = Assert.Throws<T>(mistake).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private string ModelFile()
    {
        Converted().Save(Path("model"));
        return Path("model");
    }
}
