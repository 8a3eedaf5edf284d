using System.Threading;
using Kernels.Generators.Diagnostics;
using Kernels.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kernels.Generators.Parsing;

/// <summary>A class annotated as a network to its layers and to what its code does.</summary>
internal static class NetworkParser
{
    private const string ModelBase = "Kernels.Models.AnnotatedModel";

    public static ParseResult<NetworkSpec> Parse(AnnotatedClass annotated)
    {
        var diagnostics = new DiagnosticBag();
        if (annotated.Arguments.IsBroken || !TypeParser.IsGenerated(annotated, diagnostics))
        {
            return ParseResult<NetworkSpec>.From(null, diagnostics);
        }

        TypeSpec type = TypeParser.Parse(annotated, diagnostics, Refusal(annotated.Symbol));
        AttributeArguments arguments = annotated.Arguments;
        var checks = new ArgumentChecks(arguments, diagnostics);
        bool valid = checks.Range("InputChannels", 0, Limits.Channels) & checks.Range("InputHeight", 0, Limits.InputSize) & checks.Range("InputWidth", 0, Limits.InputSize);
        EquatableArray<LayerMethod> methods = LayerMethodParser.ParseAll(annotated.Symbol, diagnostics, CancellationToken.None);
        GraphSpec? graph = null;
        if (ForwardMethod.Of(annotated.Symbol) is not IMethodSymbol forward)
        {
            diagnostics.Add(Descriptors.NoForward, new LocationInfo(annotated.Syntax.Identifier), annotated.Symbol.Name);
        }
        else if (valid && !diagnostics.HasErrors)
        {
            var input = new TensorShape(arguments.Get("InputChannels", 0), arguments.Get("InputHeight", 0), arguments.Get("InputWidth", 0));
            graph = ForwardReader.Read(annotated, forward, input, diagnostics);
        }

        var network = new NetworkSpec(type, methods, graph, arguments.Get("InputChannels", 0), arguments.Get("Fuse", true));
        var result = ParseResult<NetworkSpec>.From(network, diagnostics);
        if (result.Model is null || annotated.AllowsUnsafe)
        {
            return result;
        }

        // The members are generated all the same, or every use of them would be an error too.
        diagnostics.Add(Descriptors.UnsafeNotAllowed, arguments.Attribute, annotated.Symbol.Name);
        return result with { Diagnostics = diagnostics.ToEquatableArray() };
    }

    /// <summary>The generated part names the base class, and a class has only one.</summary>
    private static string? Refusal(INamedTypeSymbol symbol)
    {
        if (symbol.IsRecord)
        {
            return "it is a record, which cannot derive from 'AnnotatedModel'";
        }

        return symbol.BaseType is { SpecialType: not SpecialType.System_Object } origin && origin.ToDisplayString() != ModelBase
            ? $"it derives from '{origin.Name}', and a network derives from 'AnnotatedModel'"
            : GeneratedMembers.OfNetwork.Collision(symbol);
    }
}
