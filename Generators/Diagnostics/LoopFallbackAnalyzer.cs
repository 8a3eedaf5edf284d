using System.Collections.Immutable;
using Kernels.Generators.Emission;
using Kernels.Generators.Parsing;
using Kernels.Generators.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kernels.Generators.Diagnostics;

/// <summary>
/// Says which layers have kernels that loop over taps. Not a matter of the generator: it would plan again whenever a line moves.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LoopFallbackAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.FallsBackToLoops];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        if (AttributeNames.First(context.Symbol) is not AttributeData attribute)
        {
            return;
        }

        var arguments = new AttributeArguments(attribute, context.CancellationToken);
        var diagnostics = new DiagnosticBag();
        if (LayerParser.ParseSpec(AttributeNames.Find(attribute), arguments, context.Symbol, diagnostics) is LayerSpec layer && !diagnostics.HasErrors
            && KernelEmitter.PlanOf(layer).Dataflow.Loops is string loops)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.FallsBackToLoops, arguments.Attribute?.ToLocation(), context.Symbol.Name, loops));
        }
    }
}
