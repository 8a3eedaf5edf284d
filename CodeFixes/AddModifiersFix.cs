using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kernels.CodeFixes;

/// <summary>Makes a layer class, or a type around it, partial (KRN001); makes the method of a layer static and partial (KRN031).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class AddModifiersFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["KRN001", "KRN031"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            MemberDeclarationSyntax? member = root?.FindToken(diagnostic.Location.SourceSpan.Start).Parent?.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().FirstOrDefault();
            SyntaxKind[] needed = member switch
            {
                TypeDeclarationSyntax => [SyntaxKind.PartialKeyword],
                // One with a body has another mistake.
                MethodDeclarationSyntax { Body: null, ExpressionBody: null } => [SyntaxKind.StaticKeyword, SyntaxKind.PartialKeyword],
                _ => [],
            };
            SyntaxKind[] missing = [.. needed.Where(kind => !member!.Modifiers.Any(kind))];
            if (missing.Length > 0)
            {
                string title = $"Make it {string.Join(" ", missing.Select(SyntaxFacts.GetText))}";
                context.RegisterCodeFix(CodeAction.Create(title, cancellation => Add(context.Document, member!, missing, cancellation), equivalenceKey: title), diagnostic);
            }
        }
    }

    // partial stands last, before the keyword of a type or the type of a method.
    private static async Task<Document> Add(Document document, MemberDeclarationSyntax member, SyntaxKind[] missing, CancellationToken cancellation)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!;
        SyntaxTriviaList leading = member.GetLeadingTrivia();
        MemberDeclarationSyntax bare = member.WithoutLeadingTrivia();
        SyntaxTokenList modifiers = bare.Modifiers;
        foreach (SyntaxKind kind in missing)
        {
            int partial = modifiers.IndexOf(SyntaxKind.PartialKeyword);
            SyntaxToken token = SyntaxFactory.Token(kind).WithTrailingTrivia(SyntaxFactory.Space);
            modifiers = partial < 0 ? modifiers.Add(token) : modifiers.Insert(partial, token);
        }

        return document.WithSyntaxRoot(root.ReplaceNode(member, bare.WithModifiers(modifiers).WithLeadingTrivia(leading)));
    }
}
