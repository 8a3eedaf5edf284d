using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Kernels.Generators.Diagnostics;
using Kernels.Generators.Tests.Support;
using Kernels.Layers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Kernels that do not spell out everything: which they are, that KRN019 says so, and that they compute the same.</summary>
public class DetailTests : IClassFixture<DetailTests.Compiled>
{
    private readonly Compiled _compiled;

    public DetailTests(Compiled compiled) => _compiled = compiled;

    /// <summary>Indices of the layers.</summary>
    public static TheoryData<int> Layers => [.. Enumerable.Range(0, DetailLayers.All.Count)];

    [Theory]
    [MemberData(nameof(Layers))]
    public async Task A_layer_has_the_dataflow_that_fits_a_file_and_loops_are_said(int index)
    {
        (ConvolutionSpec spec, string dataflow, bool loops) = DetailLayers.All[index];
        string attribute = LayerSource.Convolution(spec);
        string source = $"{attribute} public partial class A;";

        Assert.Contains($"/// Dataflow  {dataflow}: ", GeneratorHarness.Run(source).Text, StringComparison.Ordinal);
        Assert.Equal(loops ? [$"KRN019 {attribute[1..^1]}"] : [], await Analyze(source));
    }

    [Theory]
    [MemberData(nameof(Tiers.Disabled), MemberType = typeof(Tiers))]
    public void They_equal_the_plain_formula_without(string disabled) => _compiled.Layers.AssertEqual(disabled);

    [Theory]
    [InlineData("[Kernels.QuantizedConv2d(InChannels = 64, OutChannels = 64, Kernel = 3)] public partial class A;")]
    [InlineData("[Kernels.QuantizedLinear(InFeatures = 64, OutFeatures = 64)] public partial class A;")]
    [InlineData("[Kernels.QuantizedConv2d(InChannels = 64, OutChannels = 64)] public partial class WithoutKernel;")]
    [InlineData("[Kernels.QuantizedConv2d(InChannels = -1, OutChannels = 64, Kernel = 9)] public partial class Wrong;")]
    [InlineData("[Kernels.QuantizedConv2d(InChannels = Unknown, OutChannels = 64, Kernel = 9)] public partial class Broken;")]
    [InlineData("[Kernels.QuantizedSequential] public partial class Model; [System.Obsolete] public class Other;")]
    public async Task Nothing_is_said_of_other_classes(string source) => Assert.Empty(await Analyze(source));

    [Fact]
    public async Task Of_two_attributes_the_first_is_looked_at()
    {
        const string Plain = "Kernels.QuantizedLinear(InFeatures = 64, OutFeatures = 64)";
        const string Looping = "Kernels.QuantizedConv2d(InChannels = 64, OutChannels = 64, Kernel = 9)";

        Assert.Empty(await Analyze($"[{Plain}, {Looping}] public partial class A;"));
        Assert.Equal([$"KRN019 {Looping}"], await Analyze($"[{Looping}, {Plain}] public partial class A;"));
    }

    private static async Task<IEnumerable<string>> Analyze(string source)
    {
        var diagnostics = await GeneratorHarness.Compile([source]).WithAnalyzers([new LoopFallbackAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        return diagnostics.Select(diagnostic =>
        {
            Assert.Equal(DiagnosticSeverity.Info, diagnostic.Severity);
            return $"{diagnostic.Id} {source.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length)}";
        });
    }

    /// <summary>The layers, compiled once for all tiers.</summary>
    public sealed class Compiled : IDisposable
    {
        internal TierRun Layers { get; } = new("details");

        public void Dispose() => Layers.Dispose();
    }
}
