using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Kernels.CodeFixes;
using Kernels.Generators.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>What an editor offers for a diagnostic, and what comes of it.</summary>
public class CodeFixTests
{
    private const string Arguments = "InChannels = 6, OutChannels = 4, Kernel = 3";

    [Theory]
    [InlineData("[Kernels.QuantizedConv2d(" + Arguments + ")] public class A;", "Make it partial", "[Kernels.QuantizedConv2d(" + Arguments + ")] public partial class A;")]
    [InlineData("/// <summary>A.</summary>\n[Kernels.QuantizedConv2d(" + Arguments + ")]\nsealed class A;", "Make it partial", "/// <summary>A.</summary>\n[Kernels.QuantizedConv2d(" + Arguments + ")]\nsealed partial class A;")]
    [InlineData("public class B { [Kernels.QuantizedConv2d(" + Arguments + ")] public partial class A; }", "Make it partial", "public partial class B { [Kernels.QuantizedConv2d(" + Arguments + ")] public partial class A; }")]
    [InlineData("[Kernels.QuantizedConv2d(" + Arguments + ", Groups = 3)] public partial class A;", "Groups = 2", "[Kernels.QuantizedConv2d(" + Arguments + ", Groups = 2)] public partial class A;")]
    [InlineData("[Kernels.QuantizedConv2d(InChannels = 7, OutChannels = 4, Kernel = 3, Groups = 4)] public partial class A;", "Groups = 1", "[Kernels.QuantizedConv2d(InChannels = 7, OutChannels = 4, Kernel = 3, Groups = 1)] public partial class A;")]
    [InlineData("[Kernels.QuantizedConvTranspose2d(" + Arguments + ", Stride = 2, OutputPadding = 2)] public partial class A;", "OutputPadding = 1", "[Kernels.QuantizedConvTranspose2d(" + Arguments + ", Stride = 2, OutputPadding = 1)] public partial class A;")]
    [InlineData(
        "[Kernels.QuantizedConvTranspose2d(" + Arguments + ", StrideHeight = 3, OutputPadding = 2, OutputPaddingWidth = 4)] public partial class A;",
        "OutputPaddingWidth = 0",
        "[Kernels.QuantizedConvTranspose2d(" + Arguments + ", StrideHeight = 3, OutputPadding = 2, OutputPaddingWidth = 0)] public partial class A;")]
    [InlineData(
        "using Kernels; using Kernels.Models; [QuantizedModel] partial class A { [QuantizedConv2d(" + Arguments + ")] private Value Conv(Value x); static Value Forward(Value x) => Conv(x); }",
        "Make it static partial",
        "using Kernels; using Kernels.Models; [QuantizedModel] partial class A { [QuantizedConv2d(" + Arguments + ")] private static partial Value Conv(Value x); static Value Forward(Value x) => Conv(x); }")]
    public async Task A_mistake_is_mended_and_the_layer_is_generated(string source, string title, string mended)
    {
        using var workspace = new AdhocWorkspace();
        Document document = Open(workspace, source, allowUnsafe: true);

        CodeAction action = Assert.Single(await Offered(document));
        Document changed = (await Apply(action)).GetDocument(document.Id)!;

        Assert.Equal(title, action.Title);
        Assert.Equal(mended, (await changed.GetTextAsync()).ToString());
        Assert.DoesNotContain(await Diagnostics(changed), static diagnostic => diagnostic.Severity > DiagnosticSeverity.Info);
    }

    [Fact]
    public async Task A_method_with_a_body_is_left_alone()
    {
        using var workspace = new AdhocWorkspace();
        Document document = Open(workspace, "using Kernels; using Kernels.Models; [QuantizedModel] partial class A { [QuantizedConv2d(" + Arguments + ")] private static Value Conv(Value x) => x; static Value Forward(Value x) => Conv(x); }", allowUnsafe: true);

        Assert.Empty(await Offered(document));
    }

    [Fact]
    public async Task A_project_without_unsafe_code_gets_it()
    {
        using var workspace = new AdhocWorkspace();
        Document document = Open(workspace, "[Kernels.QuantizedConv2d(" + Arguments + ")] public partial class A;", allowUnsafe: false);

        Document changed = (await Apply(Assert.Single(await Offered(document)))).GetDocument(document.Id)!;

        Assert.True(((CSharpCompilationOptions)changed.Project.CompilationOptions!).AllowUnsafe);
        Assert.Empty(await Diagnostics(changed));
    }

    private static Document Open(AdhocWorkspace workspace, string source, bool allowUnsafe)
    {
        CSharpCompilation like = GeneratorHarness.Compile([source], allowUnsafe);
        Project project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(),
            VersionStamp.Default,
            "Layers",
            "Layers",
            LanguageNames.CSharp,
            compilationOptions: like.Options,
            parseOptions: like.SyntaxTrees[0].Options,
            metadataReferences: like.References));
        return workspace.AddDocument(project.Id, "A.cs", Microsoft.CodeAnalysis.Text.SourceText.From(source));
    }

    private static async Task<IReadOnlyList<Diagnostic>> Diagnostics(Document document) =>
        GeneratorHarness.Run((CSharpCompilation)(await document.Project.GetCompilationAsync())!).Diagnostics;

    private static async Task<IReadOnlyList<CodeAction>> Offered(Document document)
    {
        CodeFixProvider[] providers = [new AddModifiersFix(), new SetArgumentFix(), new AllowUnsafeFix()];
        var actions = new List<CodeAction>();
        foreach (Diagnostic diagnostic in await Diagnostics(document))
        {
            foreach (CodeFixProvider provider in providers.Where(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id)))
            {
                await provider.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
            }
        }

        return actions;
    }

    private static async Task<Solution> Apply(CodeAction action) =>
        Assert.Single((await action.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>()).ChangedSolution;
}
