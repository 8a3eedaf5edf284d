using System.Collections.Immutable;
using System.Linq;
using Kernels.Generators.Parsing;
using Kernels.Generators.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Kernels.Generators.Diagnostics;

/// <summary>Finds calls of a layer's Run whose sizes and arrays are known, and an array is too short: the call would throw.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BufferLengthAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.BufferTooShort];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Analyze, OperationKind.Invocation);
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod.Name != "Run" || call.Instance?.Type is not INamedTypeSymbol layer || SpecOf(layer, context) is not LayerSpec spec)
        {
            return;
        }

        long images = Size(call, "batch") ?? Size(call, "rows") ?? (call.Arguments.Any(static argument => argument.Parameter?.Name is "batch" or "rows") ? 0 : 1);
        bool isLinear = call.Arguments.Any(static argument => argument.Parameter?.Name == "rows");
        long height = isLinear ? 1 : Size(call, "height") ?? 0;
        long width = isLinear ? 1 : Size(call, "width") ?? 0;
        if (images < 1 || height < 1 || width < 1)
        {
            return;
        }

        Check("input", images * height * width * spec.InChannels, $"{Text(images)} x {Text(height)} x {Text(width)} pixels of {Text(spec.InChannels)} channels");
        long outputHeight = spec.Vertical.OutputSize(spec.IsTransposed, height);
        long outputWidth = spec.Horizontal.OutputSize(spec.IsTransposed, width);
        Check("output", images * outputHeight * outputWidth * spec.OutChannels, $"{Text(images)} x {Text(outputHeight)} x {Text(outputWidth)} pixels of {Text(spec.OutChannels)} channels");

        void Check(string parameter, long needed, string what)
        {
            IArgumentOperation? argument = call.Arguments.FirstOrDefault(each => each.Parameter?.Name == parameter);
            if (argument is not null && Length(argument.Value) is long length && length < needed)
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptors.BufferTooShort, argument.Syntax.GetLocation(), parameter, Text(needed), what, Text(length)));
            }
        }
    }

    private static LayerSpec? SpecOf(INamedTypeSymbol layer, OperationAnalysisContext context)
    {
        AttributeData? attribute = AttributeNames.First(layer);
        return attribute is null ? null : LayerParser.ParseSpec(AttributeNames.Find(attribute), new AttributeArguments(attribute, context.CancellationToken), layer, new DiagnosticBag());
    }

    private static long? Size(IInvocationOperation call, string parameter) =>
        call.Arguments.FirstOrDefault(each => each.Parameter?.Name == parameter)?.Value.ConstantValue is { HasValue: true, Value: int size } ? size : null;

    // The length of an array that is made on the spot, or once for a local that is never assigned again.
    private static long? Length(IOperation value)
    {
        while (value is IConversionOperation conversion)
        {
            value = conversion.Operand;
        }

        return value switch
        {
            IArrayCreationOperation { DimensionSizes.Length: 1 } array => array.DimensionSizes[0].ConstantValue is { HasValue: true, Value: int length } ? length : null,
            ILocalReferenceOperation { Local: var local } reference when Declarator(reference, local) is { } made => Length(made),
            _ => null,
        };
    }

    private static IOperation? Declarator(ILocalReferenceOperation reference, ILocalSymbol local)
    {
        IOperation root = reference;
        while (root.Parent is not null)
        {
            root = root.Parent;
        }

        IOperation? made = null;
        foreach (IOperation operation in root.Descendants())
        {
            if (operation is IVariableDeclaratorOperation declarator && SymbolEqualityComparer.Default.Equals(declarator.Symbol, local))
            {
                made = declarator.GetVariableInitializer()?.Value;
            }
            else if (operation is IAssignmentOperation { Target: ILocalReferenceOperation target } && SymbolEqualityComparer.Default.Equals(target.Local, local)
                || operation is IArgumentOperation { Parameter.RefKind: not RefKind.None, Value: ILocalReferenceOperation passed } && SymbolEqualityComparer.Default.Equals(passed.Local, local))
            {
                return null;
            }
        }

        return made;
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
