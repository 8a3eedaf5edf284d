using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Kernels.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kernels.Fuzz.Sources;

/// <summary>A source and what the generators make of it.</summary>
internal sealed class GeneratedSources
{
    private const int MostLetters = 200_000;

    private const int MostMilliseconds = 3_000;

    private static readonly CSharpParseOptions ParseOptions = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);

    private static readonly ImmutableArray<MetadataReference> References = FindReferences();

    private readonly GeneratorDriverRunResult _result;
    private readonly CSharpCompilation _input;
    private readonly Compilation _output;
    private readonly long _milliseconds;

    private GeneratedSources(string source)
    {
        _input = CSharpCompilation.Create(
            "Layers" + Guid.NewGuid().ToString("N"),
            [CSharpSyntaxTree.ParseText(source, ParseOptions, "Source.cs")],
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        var watch = Stopwatch.StartNew();
        GeneratorDriver driver = CSharpGeneratorDriver.Create(Generators(), parseOptions: ParseOptions).RunGeneratorsAndUpdateCompilation(_input, out _output, out _);
        _milliseconds = watch.ElapsedMilliseconds;
        _result = driver.GetRunResult();
    }

    /// <summary>Runs all generators.</summary>
    public static GeneratedSources Of(string source) => new(source);

    /// <summary>Whether the generators said that something is wrong.</summary>
    public bool HasErrors => _result.Diagnostics.Any(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    /// <summary>An exception, a file that is too long or took too long; null when there is none.</summary>
    /// <param name="classes">Annotated classes, each of which may take its time.</param>
    public string? Problem(int classes = 1)
    {
        if (_result.Results.FirstOrDefault(static result => result.Exception is not null) is { Exception: Exception exception })
        {
            return $"the generator threw {exception}";
        }

        foreach (GeneratedSourceResult file in _result.Results.SelectMany(static result => result.GeneratedSources))
        {
            if (file.SourceText.Length > MostLetters)
            {
                return $"{file.HintName} has {file.SourceText.Length} letters";
            }
        }

        return _milliseconds > MostMilliseconds * (long)classes ? $"generating took {_milliseconds} ms" : null;
    }

    /// <summary>What the compiler says of generated files, with a class that has no error of the generator's; null when they compile.</summary>
    public string? Miscompiled() => HasErrors ? null : Describe(_output.GetDiagnostics().Where(IsGenerated));

    /// <summary>Compiles to a file; the errors when there are any.</summary>
    public string? Save(string path)
    {
        using FileStream image = File.Create(path);
        return Describe(_output.Emit(image).Diagnostics);
    }

    private static string? Describe(IEnumerable<Diagnostic> diagnostics)
    {
        string[] errors = [.. diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(3).Select(static diagnostic => diagnostic.ToString())];
        return errors.Length == 0 ? null : string.Join(" | ", errors);
    }

    private bool IsGenerated(Diagnostic diagnostic) => diagnostic.Location.SourceTree is SyntaxTree tree && !_input.SyntaxTrees.Contains(tree);

    private static IEnumerable<ISourceGenerator> Generators() => typeof(LayerGenerator).Assembly.GetTypes()
        .Where(static type => typeof(IIncrementalGenerator).IsAssignableFrom(type) && !type.IsAbstract)
        .OrderBy(static type => type.FullName, StringComparer.Ordinal)
        .Select(static type => ((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator());

    private static ImmutableArray<MetadataReference> FindReferences()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(path => Path.GetDirectoryName(path) == framework)
                .Append(typeof(QuantizedConv2dAttribute).Assembly.Location)
                .Select(static path => (MetadataReference)MetadataReference.CreateFromFile(path)),
        ];
    }
}
