using System;
using System.Reflection;
using Kernels.Models;

namespace Kernels.Generators.Tests.Support;

/// <summary>A network's class, compiled from source with what is generated for it.</summary>
internal sealed class CompiledNetwork : IDisposable
{
    private const string Head = """
        using Kernels;
        using Kernels.Layers;
        using Kernels.Models;
        using static Kernels.Models.Functions;

        """;

    private readonly CompiledLayers _compiled;
    private readonly Type _type;

    /// <summary>Compiles classes, of which one is <c>Network</c>.</summary>
    public CompiledNetwork(string source)
    {
        _compiled = CompiledLayers.Compile(Source(source));
        _type = _compiled.Type("Network");
    }

    /// <summary>What the generators made.</summary>
    public GeneratorRun Run => _compiled.Run;

    /// <summary>The source with the usings that a network needs.</summary>
    public static string Source(string source) => Head + source;

    /// <summary>An instance.</summary>
    public AnnotatedModel Make(SafetensorsFile weights)
    {
        try
        {
            return (AnnotatedModel)Activator.CreateInstance(_type, weights)!;
        }
        catch (TargetInvocationException exception)
        {
            throw exception.InnerException!;
        }
    }

    /// <summary>The class's Load.</summary>
    public QuantizedModel Load(string path) => _type.GetMethod("Load", [typeof(string)])!.CreateDelegate<Func<string, QuantizedModel>>()(path);

    public void Dispose() => _compiled.Dispose();
}
