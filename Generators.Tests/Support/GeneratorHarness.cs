using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Kernels.Generators.Tests.Support;

/// <summary>Compiles sources against the framework and Kernels.Runtime, and runs all generators over them.</summary>
internal static class GeneratorHarness
{
    private static readonly CSharpParseOptions ParseOptions = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);

    private static readonly ImmutableArray<MetadataReference> References = FindReferences();

    /// <summary>Parses and binds sources; the n-th is the file <c>Source{n}.cs</c>.</summary>
    public static CSharpCompilation Compile(IReadOnlyList<string> sources, bool allowUnsafe = true, DocumentationMode documentation = DocumentationMode.Parse, LanguageVersion language = LanguageVersion.Latest, OutputKind kind = OutputKind.DynamicallyLinkedLibrary) => CSharpCompilation.Create(
        "Layers" + Guid.NewGuid().ToString("N"),
        sources.Select((source, index) => CSharpSyntaxTree.ParseText(source, ParseOptions.WithDocumentationMode(documentation).WithLanguageVersion(language), Path(index))),
        References,
        new CSharpCompilationOptions(
            kind,
            allowUnsafe: allowUnsafe,
            optimizationLevel: OptimizationLevel.Release,
            nullableContextOptions: NullableContextOptions.Enable,
            warningLevel: 9999));

    public static SyntaxTree ParseTree(string source, int index) => CSharpSyntaxTree.ParseText(source, ParseOptions, Path(index));

    /// <summary>Runs all generators, then once more on an equal compilation, where every step must come from the cache.</summary>
    public static GeneratorRun Run(params string[] sources) => Run(Compile(sources));

    /// <summary>Runs all generators twice, as <see cref="Run(string[])"/> does.</summary>
    public static GeneratorRun Run(CSharpCompilation compilation)
    {
        var options = new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true);
        GeneratorDriver driver = CSharpGeneratorDriver.Create(Generators(), parseOptions: (CSharpParseOptions)compilation.SyntaxTrees[0].Options, driverOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        var run = new GeneratorRun(driver, compilation, output);
        GeneratorRun again = run.Edit(compilation.Clone());
        Assert.All(again.Steps, step => Assert.True(step.IsReused, $"The second run computed {step} anew."));
        Assert.Equal(run.Steps.Count, again.Steps.Count);
        return run;
    }

    private static string Path(int index) => $"Source{index}.cs";

    private static IEnumerable<ISourceGenerator> Generators() => typeof(LayerGenerator).Assembly.GetTypes()
        .Where(type => typeof(IIncrementalGenerator).IsAssignableFrom(type) && !type.IsAbstract)
        .OrderBy(type => type.FullName, StringComparer.Ordinal)
        .Select(type => ((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator());

    private static ImmutableArray<MetadataReference> FindReferences()
    {
        string framework = System.IO.Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return trusted.Split(System.IO.Path.PathSeparator)
            .Where(path => System.IO.Path.GetDirectoryName(path) == framework)
            .Append(typeof(QuantizedConv2dAttribute).Assembly.Location)
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
            .ToImmutableArray();
    }
}
