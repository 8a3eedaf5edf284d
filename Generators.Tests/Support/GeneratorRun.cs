using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Kernels.Generators.Tests.Support;

/// <summary>What the generators made of a compilation.</summary>
internal sealed class GeneratorRun(GeneratorDriver driver, CSharpCompilation input, Compilation output)
{
    private readonly GeneratorDriverRunResult _result = driver.GetRunResult();

    /// <summary>The compilation without generated files.</summary>
    public CSharpCompilation Input => input;

    /// <summary>The compilation with generated files.</summary>
    public Compilation Output => output;

    /// <summary>What the generators reported.</summary>
    public ImmutableArray<Diagnostic> Diagnostics => _result.Diagnostics;

    /// <summary>Generated parts of the user's classes by hint name.</summary>
    public IReadOnlyDictionary<string, string> Files => Generated(isKernel: false);

    /// <summary>Generated kernels by hint name.</summary>
    public IReadOnlyDictionary<string, string> Kernels => Generated(isKernel: true);

    /// <summary>What was generated for the only layer: its part of the user's class, and its kernel.</summary>
    public string Text => Assert.Single(Files).Value + "\n" + Assert.Single(Kernels).Value;

    /// <summary>Every tracked step and every output.</summary>
    public IReadOnlyList<GeneratorStep> Steps =>
    [
        .. from result in _result.Results
           from named in result.TrackedSteps.Where(step => TrackingNames.All.Contains(step.Key)).Concat(result.TrackedOutputSteps)
           from step in named.Value
           from value in step.Outputs
           select new GeneratorStep(result.Generator.GetGeneratorType().Name, named.Key, value.Value, value.Reason),
    ];

    /// <summary>The same driver over another compilation: what an edit makes it compute.</summary>
    public GeneratorRun Edit(CSharpCompilation compilation)
    {
        GeneratorDriver next = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation updated, out _);
        return new GeneratorRun(next, compilation, updated);
    }

    /// <summary>Replaces one source file.</summary>
    public GeneratorRun Edit(int index, string source) =>
        Edit(input.ReplaceSyntaxTree(input.SyntaxTrees[index], GeneratorHarness.ParseTree(source, index)));

    /// <summary>The reported diagnostics, each as its id and the source text that it marks.</summary>
    public IReadOnlyList<string> Marked =>
    [
        .. Diagnostics
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .ThenBy(diagnostic => diagnostic.Id, System.StringComparer.Ordinal)
            .Select(diagnostic => $"{diagnostic.Id} {MarkedText(diagnostic.Location)}"),
    ];

    /// <summary>Fails on any error or warning of the compiler or of a generator, with the lines that it is about.</summary>
    public GeneratorRun AssertCompiles()
    {
        List<string> problems =
        [
            .. Diagnostics.Concat(output.GetDiagnostics())
                .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
                .Select(Describe),
        ];
        Assert.True(problems.Count == 0, string.Join("\n\n", problems.Take(20)));
        return this;
    }

    private Dictionary<string, string> Generated(bool isKernel) => _result.Results
        .SelectMany(result => result.GeneratedSources)
        .Where(file => file.HintName.StartsWith("Kernel.", System.StringComparison.Ordinal) == isKernel)
        .ToDictionary(file => file.HintName, file => file.SourceText.ToString());

    private static string MarkedText(Location location) => location.SourceTree!.GetText().ToString(location.SourceSpan);

    private static string Describe(Diagnostic diagnostic)
    {
        if (diagnostic.Location.SourceTree is not SyntaxTree tree)
        {
            return diagnostic.ToString();
        }

        SourceText text = tree.GetText();
        int line = text.Lines.GetLinePosition(diagnostic.Location.SourceSpan.Start).Line;
        IEnumerable<string> around = text.Lines
            .Skip(line - 2)
            .Take(5)
            .Select(near => $"  {near.LineNumber + 1,5}{(near.LineNumber == line ? ">" : "|")} {near}");
        return $"{diagnostic}\n{string.Join('\n', around)}";
    }
}
