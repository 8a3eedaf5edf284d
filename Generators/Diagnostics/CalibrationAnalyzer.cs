using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Kernels.Generators.Diagnostics;

/// <summary>
/// Finds a model that a method prepares and converts with nothing between that could have calibrated it: Convert would throw. What leaves the method's
/// sight, as an argument or in a lambda, may be calibrated there.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CalibrationAnalyzer : DiagnosticAnalyzer
{
    private static readonly HashSet<string> Models = ["Kernels.Models.FloatModel", "Kernels.Models.AnnotatedModel"];

    private static readonly HashSet<string> Calibrating = ["Calibrate", "LoadCalibration", "MergeCalibration"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.NotCalibrated];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationBlockAction(Analyze);
    }

    private static void Analyze(OperationBlockAnalysisContext context)
    {
        foreach (IOperation block in context.OperationBlocks)
        {
            var prepared = new HashSet<ISymbol>(SymbolEqualityComparer.Default);

            // In the order of the text, in which straight-line code runs; a lambda's body runs whenever it may.
            foreach (IOperation operation in block.Descendants().OrderBy(static operation => operation.Syntax.SpanStart))
            {
                if (Model(operation) is not ISymbol model)
                {
                    continue;
                }

                if (operation.Parent is not IInvocationOperation call || call.Instance != operation || IsInLambda(operation, block))
                {
                    prepared.Remove(model);
                    continue;
                }

                IMethodSymbol method = call.TargetMethod;
                if (!Models.Contains(method.ContainingType.ToDisplayString()))
                {
                    continue;
                }

                if (method.Name == "Prepare")
                {
                    prepared.Add(model);
                }
                else if (Calibrating.Contains(method.Name))
                {
                    prepared.Remove(model);
                }
                else if (method.Name == "Convert" && prepared.Remove(model))
                {
                    context.ReportDiagnostic(Diagnostic.Create(Descriptors.NotCalibrated, call.Syntax.GetLocation(), model.Name));
                }
            }
        }
    }

    private static ISymbol? Model(IOperation operation) => operation switch
    {
        ILocalReferenceOperation { Local: var local } => local,
        IParameterReferenceOperation { Parameter: var parameter } => parameter,
        IFieldReferenceOperation { Field: var field } => field,
        _ => null,
    };

    private static bool IsInLambda(IOperation operation, IOperation block)
    {
        for (IOperation? each = operation.Parent; each is not null && each != block; each = each.Parent)
        {
            if (each is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                return true;
            }
        }

        return false;
    }
}
