using System.Collections.Immutable;
using System.Composition;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;

namespace Kernels.CodeFixes;

/// <summary>Sets AllowUnsafeBlocks in the project (KRN013).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class AllowUnsafeFix : CodeFixProvider
{
    private const string Title = "Allow unsafe code in this project";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["KRN013"];

    /// <summary>None: the first fix is one for all.</summary>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        Project project = context.Document.Project;
        if (project.CompilationOptions is CSharpCompilationOptions options)
        {
            context.RegisterCodeFix(
                CodeAction.Create(Title, _ => Task.FromResult(project.Solution.WithProjectCompilationOptions(project.Id, options.WithAllowUnsafe(true))), equivalenceKey: Title),
                context.Diagnostics);
        }

        return Task.CompletedTask;
    }
}
