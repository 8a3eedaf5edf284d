using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Kernels.Generators;
using Kernels.Layers;
using Kernels.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Kernels.Bench.Subjects;

/// <summary>Annotated classes written, generated, compiled and loaded on the spot: all layers of a run in one compilation.</summary>
internal static class LayerCompiler
{
    private static readonly CSharpParseOptions ParseOptions = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);

    /// <summary>Compiles layers.</summary>
    /// <param name="specs">The layers.</param>
    /// <returns>How each is made, in the same order.</returns>
    /// <exception cref="BenchException">The generator refuses a layer, or its code does not compile.</exception>
    public static IReadOnlyList<CompiledLayer> Compile(IReadOnlyList<ConvolutionSpec> specs)
    {
        CSharpCompilation compilation = Compilation(specs.Select((spec, index) => LayerSource.Write(ClassName(index), spec)));
        GeneratorDriver driver = CSharpGeneratorDriver.Create(Generators(), parseOptions: ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out ImmutableArray<Diagnostic> diagnostics);
        ThrowOnError(diagnostics);

        Assembly assembly = Load(Image(output));
        string[] texts = [.. driver.GetRunResult().GeneratedTrees.Select(tree => tree.ToString())];
        return [.. specs.Select((_, index) => Load(assembly, ClassName(index), texts))];
    }

    /// <summary>Compiles kernels by themselves, as networks use them.</summary>
    /// <param name="specs">Their specs.</param>
    /// <returns>How each is made, in the same order.</returns>
    /// <exception cref="BenchException">A kernel does not compile.</exception>
    public static IReadOnlyList<LayerFactory> CompileKernels(IReadOnlyList<ConvolutionSpec> specs) => CompileKernels(specs, specs.Select(FusedLayer.Source));

    /// <summary>Compiles kernels with texts of their own.</summary>
    /// <param name="specs">Their specs, all different.</param>
    /// <param name="sources">The file of each.</param>
    /// <returns>How each is made, in the same order.</returns>
    /// <exception cref="BenchException">A kernel does not compile.</exception>
    public static IReadOnlyList<LayerFactory> CompileKernels(IReadOnlyList<ConvolutionSpec> specs, IEnumerable<string> sources)
    {
        Assembly assembly = Load(Image(Compilation(sources)));
        return [.. specs.Select(spec => Factory(assembly, FusedLayer.ClassName(spec)))];
    }

    /// <summary>Compiles a network's class with the kernels that the generator emits for it.</summary>
    /// <param name="source">The class.</param>
    /// <returns>The assembly.</returns>
    /// <exception cref="BenchException">The generator refuses it, or its code does not compile.</exception>
    public static byte[] CompileNetwork(string source)
    {
        CSharpGeneratorDriver.Create(Generators(), parseOptions: ParseOptions)
            .RunGeneratorsAndUpdateCompilation(Compilation([source]), out Compilation output, out ImmutableArray<Diagnostic> diagnostics);
        ThrowOnError(diagnostics);
        return Image(output);
    }

    /// <summary>Loads what <see cref="CompileNetwork"/> made. Not collectible: the code must be what a user's own assembly gets.</summary>
    /// <param name="image">The assembly.</param>
    public static Assembly Load(byte[] image)
    {
        using var stream = new MemoryStream(image);
        return new AssemblyLoadContext("Kernels.Bench.Compiled").LoadFromStream(stream);
    }

    private static CSharpCompilation Compilation(IEnumerable<string> sources) => CSharpCompilation.Create(
        "Kernels.Bench.Compiled",
        sources.Select(source => CSharpSyntaxTree.ParseText(source, ParseOptions)),
        References().Select(static path => MetadataReference.CreateFromFile(path)),
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            allowUnsafe: true,
            optimizationLevel: OptimizationLevel.Release,
            nullableContextOptions: NullableContextOptions.Enable));

    private static byte[] Image(Compilation compilation)
    {
        using var image = new MemoryStream();
        EmitResult emitted = compilation.Emit(image);
        ThrowOnError(emitted.Diagnostics);
        return image.ToArray();
    }

    private static LayerFactory Factory(Assembly assembly, string name)
    {
        Type type = assembly.GetType(name) ?? throw new BenchException($"The compilation has no class {name}.");
        MethodInfo make = typeof(LayerFactory).GetMethod(nameof(LayerFactory.For))!.MakeGenericMethod(type);
        return (LayerFactory)make.Invoke(null, [name])!;
    }

    private static string ClassName(int index) => "Layer" + index;

    private static CompiledLayer Load(Assembly assembly, string name, string[] sources)
    {
        string source = sources.FirstOrDefault(text => text.Contains($"partial class {name} ", StringComparison.Ordinal)) ?? string.Empty;
        return new CompiledLayer(Factory(assembly, name), source);
    }

    private static IEnumerable<ISourceGenerator> Generators() => typeof(LayerGenerator).Assembly.GetTypes()
        .Where(type => typeof(IIncrementalGenerator).IsAssignableFrom(type) && !type.IsAbstract)
        .Select(type => ((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator());

    /// <summary>The assemblies that layers are compiled against: those of the framework, and the runtime.</summary>
    public static IEnumerable<string> References()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return Directory.EnumerateFiles(framework, "*.dll")
            .Where(IsManaged)
            .Append(typeof(QuantizedConv2dAttribute).Assembly.Location);
    }

    private static bool IsManaged(string path)
    {
        try
        {
            AssemblyName.GetAssemblyName(path);
            return true;
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }

    private static void ThrowOnError(ImmutableArray<Diagnostic> diagnostics)
    {
        Diagnostic[] errors = [.. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
        if (errors.Length > 0)
        {
            throw new BenchException("The layers do not compile:\n" + string.Join("\n", errors.Take(10)));
        }
    }
}
