using System.Linq;
using Kernels.Generators.Tests.Support;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Which numbers of an attribute are refused, and the source text that each diagnostic marks.</summary>
public class LayerDiagnosticTests
{
    private const string Whole = "the attribute";

    [Theory]
    [InlineData("OutChannels = 4, Kernel = 3", "KRN002", Whole)]
    [InlineData("InChannels = 4, Kernel = 3", "KRN002", Whole)]
    [InlineData("InChannels = 4, OutChannels = 4", "KRN002", Whole)]
    [InlineData("InChannels = 4, OutChannels = 4, KernelHeight = 3", "KRN002", Whole)]
    [InlineData("InChannels = 4, OutChannels = 4, KernelWidth = 3", "KRN002", Whole)]
    [InlineData("InChannels = 0, OutChannels = 4, Kernel = 3", "KRN003", "InChannels = 0")]
    [InlineData("InChannels = -4, OutChannels = 4, Kernel = 3", "KRN003", "InChannels = -4")]
    [InlineData("InChannels = int.MaxValue, OutChannels = 4, Kernel = 3", "KRN003", "InChannels = int.MaxValue")]
    [InlineData("InChannels = 4, OutChannels = 65537, Kernel = 3", "KRN003", "OutChannels = 65537")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 0", "KRN003", "Kernel = 0")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = int.MaxValue", "KRN003", "Kernel = int.MaxValue")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, KernelHeight = 0", "KRN003", "KernelHeight = 0")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 0, KernelHeight = 3, KernelWidth = 3", "KRN003", "Kernel = 0")]
    [InlineData("InChannels = 4, OutChannels = 4, KernelHeight = -1, KernelWidth = 3", "KRN003", "KernelHeight = -1")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, Stride = 0", "KRN003", "Stride = 0")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, StrideWidth = -2", "KRN003", "StrideWidth = -2")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, Stride = 4097", "KRN003", "Stride = 4097")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, Padding = -1", "KRN003", "Padding = -1")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, PaddingHeight = int.MinValue", "KRN003", "PaddingHeight = int.MinValue")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, Dilation = 0", "KRN003", "Dilation = 0")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, DilationHeight = -3", "KRN003", "DilationHeight = -3")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, Groups = 0", "KRN003", "Groups = 0")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, Groups = -2", "KRN003", "Groups = -2")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, InputHeight = -1", "KRN003", "InputHeight = -1")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, InputWidth = 16385", "KRN003", "InputWidth = 16385")]
    [InlineData("InChannels = 4, OutChannels = 6, Kernel = 3, Groups = 4", "KRN004", "Groups = 4")]
    [InlineData("InChannels = 6, OutChannels = 4, Kernel = 3, Groups = 4", "KRN004", "Groups = 4")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, Groups = 8", "KRN004", "Groups = 8")]
    [InlineData("InChannels = 4, OutChannels = 4, KernelHeight = 4096, KernelWidth = 17", "KRN009", Whole)]
    [InlineData("InChannels = 65536, OutChannels = 32768, Kernel = 1", "KRN009", Whole)]
    [InlineData("InChannels = 16, OutChannels = 4, Kernel = 3, InputHeight = 16384, InputWidth = 16384", "KRN009", Whole)]
    [InlineData("InChannels = 4, OutChannels = 16, Kernel = 3, InputHeight = 16384, InputWidth = 16384", "KRN009", Whole)]
    [InlineData("InChannels = 65536, OutChannels = 4, Kernel = 3", "KRN007", Whole)]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, NegativeSlope = float.NaN", "KRN010", "NegativeSlope = float.NaN")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, NegativeSlope = 1 / 0f", "KRN010", "NegativeSlope = 1 / 0f")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, Activation = (Kernels.Activation)4", "KRN011", "Activation = (Kernels.Activation)4")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, Activation = (Kernels.Activation)(-1)", "KRN011", "Activation = (Kernels.Activation)(-1)")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, WeightScheme = (Kernels.WeightScheme)2", "KRN011", "WeightScheme = (Kernels.WeightScheme)2")]
    public void A_wrong_number_is_marked_for_both_layers(string arguments, string id, string marked)
    {
        AssertMarked("QuantizedConv2d", arguments, id, marked);
        AssertMarked("QuantizedConvTranspose2d", arguments, id, marked);
    }

    [Theory]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 4096, Dilation = 5", "KRN006", "Dilation = 5")]
    [InlineData("InChannels = 4, OutChannels = 4, KernelHeight = 4096, KernelWidth = 1, Dilation = 5, DilationHeight = 6", "KRN006", "DilationHeight = 6")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, Padding = 65536", "KRN003", "Padding = 65536")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, InputHeight = 2", "KRN006", "InputHeight = 2")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, Dilation = 4, InputHeight = 9, InputWidth = 8", "KRN006", "InputWidth = 8")]
    public void A_convolution_must_have_an_output(string arguments, string id, string marked) => AssertMarked("QuantizedConv2d", arguments, id, marked);

    [Theory]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, OutputPadding = -1", "KRN003", "OutputPadding = -1")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, OutputPadding = 1", "KRN005", "OutputPadding = 1")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, Stride = 2, OutputPadding = 2", "KRN005", "OutputPadding = 2")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, Stride = 2, Dilation = 3, OutputPadding = 3", "KRN005", "OutputPadding = 3")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, Stride = 2, StrideWidth = 3, OutputPadding = 2", "KRN005", "OutputPadding = 2")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, Stride = 2, OutputPadding = 1, OutputPaddingWidth = int.MaxValue", "KRN005", "OutputPaddingWidth = int.MaxValue")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 1, Padding = 8192", "KRN006", "Padding = 8192")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 1, Padding = int.MaxValue", "KRN006", "Padding = int.MaxValue")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 1, Padding = 1, PaddingWidth = 9000", "KRN006", "PaddingWidth = 9000")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 1, StrideHeight = 4096, StrideWidth = 17", "KRN009", Whole)]
    public void A_transposed_convolution_must_have_an_output(string arguments, string id, string marked) =>
        AssertMarked("QuantizedConvTranspose2d", arguments, id, marked);

    [Theory]
    [InlineData("QuantizedConv2d", "InChannels = 1, OutChannels = 1, Kernel = 1")]
    [InlineData("QuantizedConv2d", "InChannels = 4, OutChannels = 4, KernelHeight = 1, KernelWidth = 3")]
    [InlineData("QuantizedConv2d", "InChannels = 1, OutChannels = 1, Kernel = 4096, KernelWidth = 1, Dilation = 4")]
    [InlineData("QuantizedConv2d", "InChannels = 1, OutChannels = 1, Kernel = 4, Padding = 65535")]
    [InlineData("QuantizedConvTranspose2d", "InChannels = 4, OutChannels = 4, Kernel = 1, Padding = 8191")]
    [InlineData("QuantizedConvTranspose2d", "InChannels = 4, OutChannels = 4, Kernel = 2, Stride = 3, OutputPadding = 2")]
    [InlineData("QuantizedConvTranspose2d", "InChannels = 4, OutChannels = 4, Kernel = 2, Dilation = 3, OutputPadding = 2")]
    [InlineData("QuantizedConvTranspose2d", "InChannels = 65536, OutChannels = 65536, Kernel = 3, Groups = 65536")]
    [InlineData("QuantizedConvTranspose2d", "InChannels = 4, OutChannels = 4, Kernel = 3, Activation = Kernels.Activation.LeakyRelu, NegativeSlope = -2")]
    public void A_layer_at_the_edge_of_what_is_allowed_is_generated(string attribute, string arguments)
    {
        GeneratorRun run = Run(attribute, arguments);

        Assert.DoesNotContain(run.Diagnostics, static diagnostic => diagnostic.Severity > DiagnosticSeverity.Info);
        Assert.Single(run.Files);
    }

    [Theory]
    [InlineData("QuantizedConvTranspose2d", "Kernel = 3, Stride = 2", "KRN021 Kernel = 3")]
    [InlineData("QuantizedConvTranspose2d", "KernelHeight = 4, KernelWidth = 5, Stride = 2", "KRN021 KernelWidth = 5")]
    [InlineData("QuantizedConvTranspose2d", "Kernel = 2, Stride = 3", "KRN021 Kernel = 2")]
    [InlineData("QuantizedConvTranspose2d", "Kernel = 4, Stride = 2")]
    [InlineData("QuantizedConvTranspose2d", "Kernel = 3")]
    [InlineData("QuantizedConv2d", "Kernel = 3, Stride = 2")]
    public void A_kernel_that_its_stride_does_not_divide_is_remarked_on(string attribute, string arguments, params string[] marked)
    {
        GeneratorRun run = Run(attribute, "InChannels = 4, OutChannels = 4, " + arguments).AssertCompiles();

        Assert.Equal(marked, run.Marked);
        Assert.All(run.Diagnostics, static diagnostic => Assert.Equal(DiagnosticSeverity.Info, diagnostic.Severity));
    }

    [Theory]
    [InlineData("QuantizedConv2d", "InChannels = 33025, OutChannels = 1, Kernel = 1", null)]
    [InlineData("QuantizedConv2d", "InChannels = 33026, OutChannels = 1, Kernel = 1", "KRN008")]
    [InlineData("QuantizedConv2d", "InChannels = 21931, OutChannels = 1, KernelHeight = 1, KernelWidth = 3", "KRN008")]
    [InlineData("QuantizedConv2d", "InChannels = 21932, OutChannels = 1, KernelHeight = 1, KernelWidth = 3", "KRN007")]
    [InlineData("QuantizedConv2d", "InChannels = 43864, OutChannels = 2, KernelHeight = 1, KernelWidth = 3, Groups = 2", "KRN007")]
    [InlineData("QuantizedConv2d", "InChannels = 16513, OutChannels = 1, Kernel = 2, Stride = 2", "KRN007")]
    [InlineData("QuantizedConvTranspose2d", "InChannels = 33025, OutChannels = 1, Kernel = 2, Stride = 2", null)]
    [InlineData("QuantizedConvTranspose2d", "InChannels = 33025, OutChannels = 1, Kernel = 3, Stride = 2", "KRN007")]
    [InlineData("QuantizedConvTranspose2d", "InChannels = 8257, OutChannels = 1, Kernel = 2, Stride = 2, Dilation = 2", "KRN008")]
    [InlineData("QuantizedConvTranspose2d", "InChannels = 8256, OutChannels = 1, Kernel = 3, Stride = 2", null)]
    public void The_accumulator_bound_counts_the_products_of_the_fullest_phase(string attribute, string arguments, string? id)
    {
        // One output pixel, every code and every weight at its worst: products * 255 * 128, and * 255 * 255 with weight zero points.
        GeneratorRun run = Run(attribute, arguments);

        Assert.Equal(id, run.Diagnostics.SingleOrDefault(static diagnostic => diagnostic.Severity > DiagnosticSeverity.Info)?.Id);
        Assert.Equal(id == "KRN007" ? 0 : 1, run.Files.Count);
    }

    [Fact]
    public void Every_wrong_argument_is_named_at_once()
    {
        GeneratorRun run = Run("QuantizedConvTranspose2d", "InChannels = 0, OutChannels = -1, Stride = 0, Activation = (Kernels.Activation)9");

        Assert.Equal(["KRN002", "KRN003", "KRN003", "KRN003", "KRN011"], run.Diagnostics.Select(diagnostic => diagnostic.Id).Order());
    }

    [Fact]
    public void An_argument_that_is_wrong_for_both_axes_is_named_once()
    {
        GeneratorRun run = Run("QuantizedConvTranspose2d", "InChannels = 4, OutChannels = 4, Kernel = 3, Stride = 2, OutputPadding = 5");

        Assert.Equal(["KRN005 OutputPadding = 5"], run.Marked);
    }

    [Theory]
    [InlineData("InChannels = \"four\", OutChannels = 4, Kernel = 3")]
    [InlineData("InChannels = Unknown, OutChannels = 4, Kernel = 3")]
    [InlineData("InChannels = 4, OutChannels = 4, Kernel = 3, Missing = 5")]
    [InlineData("4, OutChannels = 4, Kernel = 3")]
    public void What_the_compiler_refuses_is_left_to_the_compiler(string arguments)
    {
        GeneratorRun run = Run("QuantizedConv2d", arguments);

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.Files);
        Assert.Contains(run.Output.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public void A_pragma_silences_a_warning()
    {
        GeneratorRun run = GeneratorHarness.Run("""
            #pragma warning disable KRN008 // The weights are symmetric.
            [Kernels.QuantizedConv2d(InChannels = 40000, OutChannels = 1, Kernel = 1)]
            public partial class A;
            """);

        Assert.True(Assert.Single(run.Diagnostics).IsSuppressed);
    }

    private static GeneratorRun Run(string attribute, string arguments) =>
        GeneratorHarness.Run($"[Kernels.{attribute}({arguments})] public partial class A;");

    private static void AssertMarked(string attribute, string arguments, string id, string marked)
    {
        GeneratorRun run = Run(attribute, arguments);

        Assert.Equal($"{id} {(marked == Whole ? $"Kernels.{attribute}({arguments})" : marked)}", Assert.Single(run.Marked.Distinct()));
        Assert.Empty(run.Files);
    }
}
