using System;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;
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
        GeneratorRun run = Emit(image, sources);
        image.Position = 0;
        return new CompiledLayers(run, image);
    }

    /// <summary>Compiles into a file, for another process; fails like <see cref="Compile"/>.</summary>
    public static void Save(string path, params string[] sources)
    {
        using FileStream image = File.Create(path);
        Emit(image, sources);
    }

    private static GeneratorRun Emit(Stream image, string[] sources)
    {
        GeneratorRun run = GeneratorHarness.Run(sources).AssertCompiles();
        EmitResult result = run.Output.Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        return run;
    }

    /// <summary>A type by its full metadata name.</summary>
    public Type Type(string name) =>
        Assembly.GetType(name) ?? throw new ArgumentException($"The compiled sources have no type '{name}'.", nameof(name));

    public void Dispose() => _context.Unload();
}
