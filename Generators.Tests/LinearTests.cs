using System;
using System.Linq;
using Kernels.Generators.Tests.Support;
using Kernels.Layers;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Linear layers: what is refused where, and how rows run.</summary>
public class LinearTests
{
    private const string Whole = "the attribute";

    private delegate void RowsRun(ReadOnlySpan<byte> input, int rows, Span<byte> output);

    [Theory]
    [InlineData("OutFeatures = 4", "KRN002", Whole)]
    [InlineData("InFeatures = 4", "KRN002", Whole)]
    [InlineData("InFeatures = 0, OutFeatures = 4", "KRN003", "InFeatures = 0")]
    [InlineData("InFeatures = 4, OutFeatures = -1", "KRN003", "OutFeatures = -1")]
    [InlineData("InFeatures = 65537, OutFeatures = 4", "KRN003", "InFeatures = 65537")]
    [InlineData("InFeatures = 65536, OutFeatures = 32768", "KRN009", Whole)]
    [InlineData("InFeatures = 4, OutFeatures = 4, NegativeSlope = float.NaN", "KRN010", "NegativeSlope = float.NaN")]
    [InlineData("InFeatures = 4, OutFeatures = 4, Activation = (Kernels.Activation)4", "KRN011", "Activation = (Kernels.Activation)4")]
    [InlineData("InFeatures = 4, OutFeatures = 4, WeightScheme = (Kernels.WeightScheme)2", "KRN011", "WeightScheme = (Kernels.WeightScheme)2")]
    public void A_wrong_number_is_marked(string arguments, string id, string marked)
    {
        GeneratorRun run = Run(arguments);

        Assert.Equal($"{id} {(marked == Whole ? $"Kernels.QuantizedLinear({arguments})" : marked)}", Assert.Single(run.Marked));
        Assert.Empty(run.Files);
    }

    [Theory]
    [InlineData("InFeatures = 1, OutFeatures = 1", null)]
    [InlineData("InFeatures = 33025, OutFeatures = 1", null)]
    [InlineData("InFeatures = 33026, OutFeatures = 1", "KRN008")]
    [InlineData("InFeatures = 65536, OutFeatures = 32767", "KRN008")]
    public void A_layer_at_the_edge_of_what_is_allowed_is_generated(string arguments, string? id)
    {
        GeneratorRun run = Run(arguments);

        Assert.Equal(id, run.Diagnostics.SingleOrDefault()?.Id);
        Assert.Single(run.Files);
    }

    [Fact]
    public void Every_wrong_argument_is_named_at_once() =>
        Assert.Equal(["KRN002", "KRN003", "KRN011"], Run("OutFeatures = 0, Activation = (Kernels.Activation)9").Diagnostics.Select(diagnostic => diagnostic.Id).Order());

    [Fact]
    public void A_class_cannot_be_a_linear_layer_and_a_convolution()
    {
        GeneratorRun run = GeneratorHarness.Run("[Kernels.QuantizedLinear(InFeatures = 4, OutFeatures = 4), Kernels.QuantizedConv2d(InChannels = 4, OutChannels = 4, Kernel = 1)] public partial class A;");

        Assert.Equal(["KRN014 Kernels.QuantizedConv2d(InChannels = 4, OutChannels = 4, Kernel = 1)"], run.Marked);
        Assert.Single(run.Files);
    }

    [Fact]
    public void An_edit_elsewhere_generates_nothing()
    {
        GeneratorRun run = GeneratorHarness.Run("[Kernels.QuantizedLinear(InFeatures = 4, OutFeatures = 4)] public partial class A;", "class B;");

        GeneratorRun edited = run.Edit(1, "class B { int x; }");

        Assert.Contains(edited.Steps, step => step.Generator == nameof(LayerGenerator));
        Assert.All(edited.Steps, step => Assert.True(step.IsReused, step.ToString()));
    }

    [Fact]
    public void A_model_checks_the_features_of_its_layers()
    {
        const string Layers = """
            [Kernels.QuantizedConv2d(InChannels = 3, OutChannels = 16, Kernel = 3)] public partial class First;
            [Kernels.QuantizedLinear(InFeatures = 16, OutFeatures = 10)] public partial class Fits;
            [Kernels.QuantizedLinear(InFeatures = 8, OutFeatures = 10)] public partial class Misfits;
            """;

        GeneratorHarness.Run(Layers, "[Kernels.QuantizedSequential(typeof(First), typeof(Fits))] public partial class Network;").AssertCompiles();
        Assert.Equal(
            ["KRN018 typeof(Misfits)"],
            GeneratorHarness.Run(Layers, "[Kernels.QuantizedSequential(typeof(First), typeof(Misfits))] public partial class Network;").Marked);
    }

    [Fact]
    public void The_remarks_say_that_rows_are_pixels() =>
        Assert.Contains("/// Linear 4 -> 3: rows are the pixels of\n///\n/// Conv2d 4 -> 3, kernel 1x1\n", Run("InFeatures = 4, OutFeatures = 3").Text);

    [Fact]
    public void Rows_of_a_span_and_pixels_of_images_are_the_same()
    {
        // 5 features make whole units by staging; 1,027 rows are four portions and a rest.
        ConvolutionSpec spec = ConvolutionSpecs.Linear(5, 7, activation: Activation.LeakyRelu);
        var item = ConvolutionCase.Fill(spec, new Shape4(13, 5, 1, 79), new Random(7));
        using CompiledLayers compiled = CompiledLayers.Compile(LayerSource.Of([LayerSource.Linear(spec)]));
        IQuantizedLayer layer = new GeneratedLayers(compiled.Assembly).Create(0, item.Weight, item.Bias, item.Input.Quantization, item.Output);
        var run = layer.GetType().GetMethod("Run", [typeof(ReadOnlySpan<byte>), typeof(int), typeof(Span<byte>)])!.CreateDelegate<RowsRun>(layer);
        byte[] expected = item.Expected().Data.ToArray();

        Assert.Equal(expected, layer.Forward(item.Input).Data.ToArray());
        foreach (int rows in new[] { 1, 255, 256, 257, 1027 })
        {
            var output = new byte[rows * 7];
            run(item.Input.Data, rows, output);
            Assert.Equal(expected[..(rows * 7)], output);
        }

        Assert.Throws<ArgumentException>(() => run(item.Input.Data, 1028, new byte[1028 * 7]));
        Assert.Throws<ArgumentException>(() => run(item.Input.Data, 257, new byte[257 * 7 - 1]));
        Assert.Throws<ArgumentException>(() => run(item.Input.Data, 0, new byte[7]));
        Assert.Throws<ArgumentException>(() => run(item.Input.Data[..50], 10, item.Input.Data.Slice(49, 70)));
        Assert.Throws<ArgumentException>(() => layer.Run(item.Input.Data, 65536, 65536, 1, new byte[7]));
    }

    private static GeneratorRun Run(string arguments) => GeneratorHarness.Run($"[Kernels.QuantizedLinear({arguments})] public partial class A;");
}
