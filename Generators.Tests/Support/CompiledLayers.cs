using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Xunit;

namespace Kernels.Generators.Tests.Support;

/// <summary>Sources compiled together with what the generators made of them, loaded into this process.</summary>
internal sealed class CompiledLayers : IDisposable
{
    // Collectible, so that hundreds of compilations do not pile up. Kernels.Runtime is the test's own copy.
    private readonly AssemblyLoadContext _context = new("CompiledLayers", isCollectible: true);

    private CompiledLayers(GeneratorRun run, Stream image)
    {
        Run = run;
        Assembly = _context.LoadFromStream(image);
    }

    /// <summary>What the generators made.</summary>
    public GeneratorRun Run { get; }

    /// <summary>The loaded assembly.</summary>
    public Assembly Assembly { get; }

    /// <summary>Compiles and loads; fails with the lines in question on any error or warning.</summary>
    public static CompiledLayers Compile(params string[] sources)
    {
        using var image = new MemoryStream();
        GeneratorRun run = GeneratorHarness.Run(sources).AssertCompiles();
        Emit(run.Output, image);
        image.Position = 0;
        return new CompiledLayers(run, image);
    }

    /// <summary>Compiles into a file, for another process; fails like <see cref="Compile"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model of an instruction to put into generated texts; null for the texts as they are.</param>
    /// <param name="sources">The sources.</param>
    public static void Save(string path, InstructionModel? model, params string[] sources)
    {
        using FileStream image = File.Create(path);
        GeneratorRun run = GeneratorHarness.Run(sources).AssertCompiles();
        Emit(model is null ? run.Output : WithModel(run, model), image);
    }

    private static void Emit(Compilation compilation, Stream image)
    {
        EmitResult result = compilation.Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
    }

    private static Compilation WithModel(GeneratorRun run, InstructionModel model)
    {
        Compilation compilation = run.Output.AddReferences(MetadataReference.CreateFromFile(typeof(InstructionModel).Assembly.Location));
        SyntaxTree[] generated = [.. run.Output.SyntaxTrees.Except(run.Input.SyntaxTrees)];
        Assert.Contains(generated, tree => tree.ToString().Contains(model.Replacements[0].Text, StringComparison.Ordinal));
        foreach (SyntaxTree tree in generated)
        {
            compilation = compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(model.Apply(tree.ToString()), (CSharpParseOptions)tree.Options, tree.FilePath));
        }

        return compilation;
    }

    /// <summary>A type by its full metadata name.</summary>
    public Type Type(string name) =>
        Assembly.GetType(name) ?? throw new ArgumentException($"The compiled sources have no type '{name}'.", nameof(name));

    public void Dispose() => _context.Unload();
}
