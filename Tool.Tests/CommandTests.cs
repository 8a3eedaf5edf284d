using System;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;
using Kernels.Models;
using Kernels.Onnx;
using Kernels.Onnx.Tests;
using Xunit;

namespace Kernels.Tool.Tests;

/// <summary>The commands, as a user runs them.</summary>
public sealed class CommandTests : IDisposable
{
    private static readonly string Detector = Path.Combine(Repository.Root, "Samples", "Detect", "Assets", "en_PP-OCRv3_det_infer.onnx");
    private static readonly string Picture = Path.Combine(Repository.Root, "Onnx.Tests", "Data", "slide.png");
    private readonly string _folder = Directory.CreateTempSubdirectory("kernels-tool-").FullName;

    [Fact]
    public async Task Inspect_lists_layers_shapes_and_multiplications()
    {
        (int code, string text, _) = await Run("inspect", Detector);

        Assert.Equal(0, code);
        Assert.Contains("Conv2d 3->8 3x3 s2", text, StringComparison.Ordinal);
        Assert.Contains("ConvTranspose2d 24->1 2x2 s2", text, StringComparison.Ordinal);
        Assert.Contains("multiplications an image", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_model_is_one_message_and_exit_code_1()
    {
        string path = Path.Combine(_folder, "no.onnx");
        await File.WriteAllTextAsync(path, "no model at all");
        (int code, _, string error) = await Run("inspect", path);

        Assert.Equal(1, code);
        Assert.Contains("not an ONNX file", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inspect", "missing.onnx")]
    [InlineData("import", "missing.onnx")]
    public async Task A_missing_file_is_exit_code_1(string command, string path) => Assert.Equal(1, (await Run(command, path)).Code);

    [Fact]
    public async Task A_wrong_command_line_is_exit_code_2() => Assert.Equal(2, (await Run("inspect")).Code);

    [Fact]
    public async Task Import_writes_the_same_source_twice_and_weights_by_the_names_in_it()
    {
        (int first, _, _) = await Run("import", Detector, "--output", Path.Combine(_folder, "a"), "--namespace", "Ocr", "--class", "Det");
        (int second, _, _) = await Run("import", Detector, "--output", Path.Combine(_folder, "b"), "--namespace", "Ocr", "--class", "Det");
        string source = await File.ReadAllTextAsync(Path.Combine(_folder, "a", "Det.cs"));
        SafetensorsFile weights = SafetensorsFile.Load(Path.Combine(_folder, "a", "det.safetensors"));

        Assert.Equal((0, 0), (first, second));
        Assert.Equal(source, await File.ReadAllTextAsync(Path.Combine(_folder, "b", "Det.cs")));
        Assert.Contains("[QuantizedConv2d(InChannels = 3, OutChannels = 8, Kernel = 3, Stride = 2, Padding = 1)]\n    private static partial Value Conv0(Value x);", source, StringComparison.Ordinal);
        Assert.Contains("Value conv0 = HardSwish(Conv0(x));", source, StringComparison.Ordinal);
        Assert.True(weights.Tensors.ContainsKey("Conv0.weight"));
    }

    [Fact]
    public async Task Importing_the_detector_of_the_sample_again_gives_its_committed_source_and_weights()
    {
        string assets = Path.GetDirectoryName(Detector)!;
        await Run("import", Detector, "--output", _folder, "--namespace", "Kernels.Samples.Detect", "--class", "Detector");

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(assets, "..", "Detector.cs")), await File.ReadAllTextAsync(Path.Combine(_folder, "Detector.cs")));
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(assets, "detector.safetensors")), await File.ReadAllBytesAsync(Path.Combine(_folder, "detector.safetensors")));
    }

    [Fact]
    public async Task Quantize_writes_a_file_that_runs()
    {
        string output = Path.Combine(_folder, "det.int8.safetensors");
        (int code, string text, string error) = await Run("quantize", Detector, "--data", Picture, "--mean", "0.485,0.456,0.406", "--std", "0.229,0.224,0.225", "--bgr", "--output", output);
        QuantizedModel model = QuantizedModel.Load(output);

        Assert.Equal(0, code);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Contains("Conv0", text, StringComparison.Ordinal);
        Assert.Equal(new Shape4(1, 1, 64, 64), model.OutputShape(new Shape4(1, 3, 64, 64)));

        (int compared, string difference, _) = await Run("compare", Detector, "--int8", output, "--data", Picture, "--mean", "0.485,0.456,0.406", "--std", "0.229,0.224,0.225", "--bgr");
        Assert.Equal(0, compared);
        Assert.Matches(@"^output: SQNR [0-9]+\.[0-9] dB", difference);
    }

    [Fact]
    public async Task The_class_that_import_wrote_loads_what_quantize_writes_with_its_own_kernels()
    {
        string output = Path.Combine(_folder, "det.int8.safetensors");
        await Run("quantize", Detector, "--data", Picture, "--mean", "0.485,0.456,0.406", "--std", "0.229,0.224,0.225", "--bgr", "--output", output);

        QuantizedModel model = Kernels.Samples.Detect.Detector.Load(output);
        var input = new FloatTensor(new Shape4(1, 3, 64, 64));
        for (int i = 0; i < input.Data.Length; i++)
        {
            input.Data[i] = i % 61 / 61f;
        }

        Assert.DoesNotContain(model.Layers, static layer => layer.IsGeneric);
        Assert.Equal(QuantizedModel.Load(output).Forward(input).Data.ToArray(), model.Forward(input).Data.ToArray());
    }

    [Fact]
    public async Task Inspect_as_JSON_says_which_dataflow_a_layer_runs_and_why_no_other()
    {
        (int code, string text, _) = await Run("inspect", Detector, "--json");
        JsonElement first = JsonDocument.Parse(text).RootElement.GetProperty("layers")[0];

        Assert.Equal(0, code);
        Assert.Equal("PixelLanes", first.GetProperty("Dataflow").GetString());
        Assert.Contains(first.GetProperty("Rejected").EnumerateArray(), static other => other.GetString()!.StartsWith("Depthwise: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Inspect_of_an_int8_file_lists_its_layers_with_scales_and_zero_points()
    {
        string int8 = Path.Combine(_folder, "det.int8.safetensors");
        await Run("quantize", Detector, "--data", Picture, "--mean", "0.485,0.456,0.406", "--std", "0.229,0.224,0.225", "--bgr", "--output", int8);
        (int code, string text, _) = await Run("inspect", int8, "--input-size", "320x480");
        ConvertedLayer first = QuantizedModel.Load(int8).Layers[0];

        Assert.Equal(0, code);
        Assert.Matches(@"Conv0 +Conv2d 3->8 3x3 s2 HardSwish +\[1, 8, 160, 240\] .* PixelLanes +int8, scale ", text);
        Assert.Contains($"zero point {first.OutputQuantization!.Value.ZeroPoint}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_writes_a_page_of_all_layers_or_of_one()
    {
        string all = Path.Combine(_folder, "all.html");
        string one = Path.Combine(_folder, "one.html");
        (int first, _, _) = await Run("explain", Detector, "--output", all);
        (int second, _, _) = await Run("explain", Detector, "--layer", "Conv3", "--output", one);
        (int third, _, string error) = await Run("explain", Detector, "--layer", "none");

        Assert.Equal((0, 0, 1), (first, second, third));
        Assert.Equal(74, (await File.ReadAllTextAsync(all)).Split("<details").Length - 1);
        Assert.Contains("Conv3", Assert.Single((await File.ReadAllTextAsync(one)).Split("<details")[1..]), StringComparison.Ordinal);
        Assert.Contains("ConvTranspose2", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fine_tuning_is_judged_by_data_that_was_held_out()
    {
        // Small pictures: what matters here is which network is written.
        string data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        foreach (string name in new[] { "slide", "receipt" })
        {
            File.Copy(Path.Combine(Repository.Root, "Onnx.Tests", "Data", name + ".png"), Path.Combine(data, name + ".png"));
        }

        string[] arguments = ["quantize", Detector, "--input-size", "96x128", "--data", data, "--mean", "0.485,0.456,0.406", "--std", "0.229,0.224,0.225", "--bgr", "--config", "full-range"];
        string plain = Path.Combine(_folder, "plain.safetensors");
        string tuned = Path.Combine(_folder, "tuned.safetensors");
        await Run([.. arguments, "--output", plain]);
        (int code, string text, string error) = await Run([.. arguments, "--output", tuned, "--fine-tune", "3"]);

        Assert.True(code == 0, error);
        Assert.Matches(@"held out: [0-9.]+ dB SQNR calibrated, [0-9.]+ dB trained; the (trained|calibrated) network is written", text);
        byte[] first = await File.ReadAllBytesAsync(plain);
        byte[] second = await File.ReadAllBytesAsync(tuned);
        Assert.Equal(text.Contains("the calibrated network", StringComparison.Ordinal), first.AsSpan().SequenceEqual(second));
    }

    [Theory]
    [InlineData("x86", "full-range")]
    [InlineData("best", "two inputs")]
    public async Task Fine_tuning_says_what_it_needs(string config, string expected)
    {
        (int code, _, string error) = await Run(
            "quantize", Detector, "--input-size", "96x128", "--data", Picture, "--config", config, "--fine-tune", "3", "--output", Path.Combine(_folder, "no.safetensors"));

        Assert.Equal(1, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_writes_a_quantized_file_with_the_ends_of_the_network()
    {
        string output = Path.Combine(_folder, "det.qdq.onnx");
        (int code, string text, string error) = await Run("export", Detector, "--data", Picture, "--mean", "0.485,0.456,0.406", "--std", "0.229,0.224,0.225", "--bgr", "--config", "full-range", "--output", output);
        OnnxModel exported = OnnxModel.Load(output);
        OnnxModel original = OnnxModel.Load(Detector);

        Assert.Equal((0, output), (code, text.Trim()));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.NotNull(exported.Quantized);
        Assert.Equal((original.InputName, original.OutputName, true), (exported.InputName, exported.OutputName, exported.IsAnySize));
        Assert.Equal(original.OutputShape, exported.OutputShape);
    }

    [Fact]
    public async Task Export_of_an_ONNX_file_without_data_says_what_is_missing()
    {
        (int code, _, string error) = await Run("export", Detector);

        Assert.Equal(1, code);
        Assert.Contains("--data", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_takes_what_quantize_wrote()
    {
        string int8 = Path.Combine(_folder, "det.int8.safetensors");
        await Run("quantize", Detector, "--data", Picture, "--mean", "0.485,0.456,0.406", "--std", "0.229,0.224,0.225", "--bgr", "--output", int8);
        (int code, _, _) = await Run("export", int8);

        Assert.Equal(0, code);
        Assert.NotNull(OnnxModel.Load(Path.Combine(_folder, "det.int8.qdq.onnx")).Quantized);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<(int Code, string Text, string Error)> Run(params string[] args)
    {
        (TextWriter output, TextWriter error) = (Console.Out, Console.Error);
        using var text = new StringWriter();
        using var errors = new StringWriter();
        Console.SetOut(text);
        Console.SetError(errors);
        try
        {
            int code = await Program.Main(args);
            return (code, text.ToString(), errors.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
