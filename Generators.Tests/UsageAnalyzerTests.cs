using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Kernels.Generators.Diagnostics;
using Kernels.Generators.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Warnings at code that uses layers and models: what is sure to throw, and nothing else.</summary>
public sealed class UsageAnalyzerTests
{
    private const string Layers = """
        using System;
        using System.Collections.Generic;
        using Kernels;
        using Kernels.Models;
        using Kernels.Quantization;

        [QuantizedConvTranspose2d(InChannels = 4, OutChannels = 3, Kernel = 2, Stride = 2)]
        public partial class Up;

        [QuantizedLinear(InFeatures = 10, OutFeatures = 5)]
        public partial class Last;

        """;

    [Theory]
    [InlineData("var x = new byte[4 * 6 * 5]; var y = new byte[3 * 12 * 9]; up.Run(x, 6, 5, y);", "y: 360 324")]
    [InlineData("byte[] x = new byte[119]; up.Run(x, height: 6, width: 5, output: new byte[360]);", "x: 120 119")]
    [InlineData("const int N = 2; Span<byte> y = new byte[360]; up.Run(new byte[240], N, 6, 5, y);", "y: 720 360")]
    [InlineData("up.Run(new byte[100], 1, 6, 5, new byte[100]);", "new byte[100]: 120 100; new byte[100]: 360 100")]
    [InlineData("last.Run(new byte[30], 3, new byte[14]);", "new byte[14]: 15 14")]
    public async Task An_array_that_is_too_short_is_named_with_what_is_needed(string body, string expected)
    {
        ImmutableArray<Diagnostic> found = await Analyze(new BufferLengthAnalyzer(), $"static class Use {{ static void M(Up up, Last last) {{ {body} }} }}");

        Assert.All(found, static diagnostic => Assert.Equal("KRN022", diagnostic.Id));
        Assert.Equal(expected, string.Join("; ", found.Select(static diagnostic => $"{Marked(diagnostic)}: {Numbers(diagnostic)}")));
    }

    [Theory]
    [InlineData("up.Run(new byte[120], 1, 6, 5, new byte[360]);")]
    [InlineData("up.Run(new byte[500], 6, 5, new byte[1000]);")]
    [InlineData("var y = new byte[1]; y = new byte[360]; up.Run(new byte[120], 6, 5, y);")]
    [InlineData("var y = new byte[1]; Grow(ref y); up.Run(new byte[120], 6, 5, y);")]
    [InlineData("up.Run(new byte[size], 6, 5, new byte[size]);")]
    [InlineData("up.Run(new byte[1], size, 5, new byte[1]);")]
    [InlineData("last.Run(new byte[30], 3, new byte[15]);")]
    public async Task Arrays_that_suffice_or_are_not_known_are_left_alone(string body) => Assert.Empty(await Analyze(
        new BufferLengthAnalyzer(), $"static class Use {{ static void Grow(ref byte[] a) {{ }} static void M(Up up, Last last, int size) {{ {body} }} }}"));

    [Theory]
    [InlineData("model.Prepare(QConfig.FullRange); var q = model.Convert();")]
    [InlineData("model.Calibrate(batch); model.Prepare(QConfig.FullRange); var q = model.Convert();")]
    [InlineData("model.Prepare(QConfig.FullRange); model.Forward(batch); var q = model.Convert(new[] { batch });")]
    [InlineData("model.Prepare(QConfig.FullRange); other.Calibrate(batch); var q = model.Convert();")]
    public async Task A_model_that_has_seen_no_data_is_named(string body)
    {
        ImmutableArray<Diagnostic> found = await Analyze(new CalibrationAnalyzer(), $"static class Use {{ static void M(FloatModel model, FloatModel other, FloatTensor batch) {{ {body} }} }}");
        Diagnostic diagnostic = Assert.Single(found);
        Assert.Equal("KRN023", diagnostic.Id);
        Assert.StartsWith("model.Convert(", Marked(diagnostic), System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.Prepare(QConfig.FullRange); model.Calibrate(batch); var q = model.Convert();")]
    [InlineData("model.Prepare(QConfig.FullRange); foreach (var b in new[] { batch }) { model.Calibrate(b); } var q = model.Convert();")]
    [InlineData("model.Prepare(QConfig.FullRange); model.LoadCalibration(\"seen\"); var q = model.Convert();")]
    [InlineData("model.Prepare(QConfig.FullRange); Show(model); var q = model.Convert();")]
    [InlineData("model.Prepare(QConfig.FullRange); Action a = () => model.Calibrate(batch); a(); var q = model.Convert();")]
    [InlineData("var q = model.Convert();")]
    public async Task A_model_that_may_have_seen_data_is_left_alone(string body) => Assert.Empty(await Analyze(
        new CalibrationAnalyzer(), $"static class Use {{ static void Show(FloatModel m) {{ }} static void M(FloatModel model, FloatModel other, FloatTensor batch) {{ {body} }} }}"));

    private static async Task<ImmutableArray<Diagnostic>> Analyze(DiagnosticAnalyzer analyzer, string source)
    {
        Compilation compiled = GeneratorHarness.Run(Layers + source).AssertCompiles().Output;
        return [.. (await compiled.WithAnalyzers([analyzer]).GetAnalyzerDiagnosticsAsync()).OrderBy(static diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    private static string Marked(Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan).Replace("output: ", "", System.StringComparison.Ordinal);

    private static string Numbers(Diagnostic diagnostic)
    {
        string[] words = diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture).Split(' ');
        return $"{words[2]} {words[^4].TrimEnd(':')}";
    }
}
