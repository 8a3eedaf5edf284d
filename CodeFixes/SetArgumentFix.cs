using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kernels.CodeFixes;

/// <summary>Gives Groups (KRN004) or OutputPadding (KRN005) the nearest value that the layer's other numbers allow.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class SetArgumentFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["KRN004", "KRN005"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            AttributeSyntax? attribute = root?.FindToken(diagnostic.Location.SourceSpan.Start).Parent?.FirstAncestorOrSelf<AttributeSyntax>();
            if (attribute?.ArgumentList is not { } arguments || model is null)
            {
                continue;
            }

            Dictionary<string, int> numbers = Numbers(arguments, model, context.CancellationToken);
            (string Name, int Value)? better = diagnostic.Id == "KRN004" ? Groups(numbers) : OutputPadding(numbers);
            if (better is not var (name, value) || arguments.Arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == name) is not { } argument)
            {
                continue;
            }

            string title = $"{name} = {value.ToString(CultureInfo.InvariantCulture)}";
            ExpressionSyntax literal = SyntaxFactory.LiteralExpression(SyntaxKind.NumericLiteralExpression, SyntaxFactory.Literal(value));
            context.RegisterCodeFix(
                CodeAction.Create(
                    title,
                    _ => Task.FromResult(context.Document.WithSyntaxRoot(root!.ReplaceNode(argument.Expression, literal.WithTriviaFrom(argument.Expression)))),
                    equivalenceKey: title),
                diagnostic);
        }
    }

    private static Dictionary<string, int> Numbers(AttributeArgumentListSyntax arguments, SemanticModel model, CancellationToken cancellation)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (AttributeArgumentSyntax argument in arguments.Arguments)
        {
            if (argument.NameEquals is { } name && model.GetConstantValue(argument.Expression, cancellation) is { HasValue: true, Value: int number })
            {
                numbers[name.Name.Identifier.ValueText] = number;
            }
        }

        return numbers;
    }

    // The most groups, of no more than there are now, that both channels can be divided by.
    private static (string Name, int Value)? Groups(Dictionary<string, int> numbers)
    {
        if (!numbers.TryGetValue("Groups", out int groups) || !numbers.TryGetValue("InChannels", out int inChannels) || !numbers.TryGetValue("OutChannels", out int outChannels)
            || inChannels < 1 || outChannels < 1)
        {
            return null;
        }

        int value = Math.Min(groups, Math.Min(inChannels, outChannels));
        while (value > 1 && (inChannels % value != 0 || outChannels % value != 0))
        {
            value--;
        }

        return ("Groups", Math.Max(1, value));
    }

    // The most that stride and dilation allow: on an axis, or on both that a number is for.
    private static (string Name, int Value)? OutputPadding(Dictionary<string, int> numbers)
    {
        string[] axes = ["Height", "Width"];
        foreach (string axis in axes)
        {
            string name = NameOf("OutputPadding", axis);
            if (numbers.TryGetValue(name, out int padding) && (padding < 0 || padding > Most(axis)))
            {
                return (name, axes.Where(other => NameOf("OutputPadding", other) == name).Min(Most));
            }
        }

        return null;

        string NameOf(string parameter, string axis) => numbers.ContainsKey(parameter + axis) ? parameter + axis : parameter;

        int Of(string parameter, string axis) => numbers.TryGetValue(NameOf(parameter, axis), out int value) ? value : 1;

        int Most(string axis) => Math.Max(0, Math.Max(Of("Stride", axis), Of("Dilation", axis)) - 1);
    }
}
