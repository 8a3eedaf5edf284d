using System.Linq;
using Kernels.Generators.Diagnostics;
using Kernels.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kernels.Generators.Parsing;

/// <summary>An annotated layer class to its model.</summary>
internal static class LayerParser
{
    public static ParseResult<AnnotatedLayer> Parse(AnnotatedClass annotated)
    {
        var diagnostics = new DiagnosticBag();
        if (!TypeParser.IsGenerated(annotated, diagnostics))
        {
            return ParseResult<AnnotatedLayer>.From(null, diagnostics);
        }

        TypeSpec type = TypeParser.Parse(annotated, diagnostics, Refusal(annotated));
        string? attribute = AttributeNames.Find(annotated.Attribute);
        LayerSpec? layer = ParseSpec(attribute, annotated.Arguments, annotated.Symbol, diagnostics);
        AnnotatedLayer? model = layer is null ? null : new AnnotatedLayer(type, layer, IsLinear: attribute == AttributeNames.Linear);
        var result = ParseResult<AnnotatedLayer>.From(model, diagnostics);
        if (result.Model is null || annotated.AllowsUnsafe)
        {
            return result;
        }

        // The members are generated all the same, or every use of them would be an error too.
        diagnostics.Add(Descriptors.UnsafeNotAllowed, annotated.Arguments.Attribute, annotated.Symbol.Name);
        return result with { Diagnostics = diagnostics.ToEquatableArray() };
    }

    /// <summary>What the layer of an attribute computes, or nothing when a diagnostic, or the compiler, says what is wrong.</summary>
    public static LayerSpec? ParseSpec(string? attribute, AttributeArguments arguments, ISymbol annotated, DiagnosticBag diagnostics)
    {
        LayerSpec? layer = attribute switch
        {
            _ when arguments.IsBroken => null,
            AttributeNames.Conv2d or AttributeNames.Conv1d => ConvolutionParser.Parse(arguments, LayerKind.Conv2d, attribute == AttributeNames.Conv1d, diagnostics),
            AttributeNames.ConvTranspose2d or AttributeNames.ConvTranspose1d =>
                ConvolutionParser.Parse(arguments, LayerKind.ConvTranspose2d, attribute == AttributeNames.ConvTranspose1d, diagnostics),
            AttributeNames.Linear => LinearParser.Parse(arguments, diagnostics),
            _ => null,
        };
        return layer is null ? null : layer with { MachineCode = MachineCodeDefault.Of(arguments, annotated) };
    }

    /// <summary>The generated constructor calls the base class's without arguments.</summary>
    private static string? Refusal(AnnotatedClass annotated)
    {
        if (GeneratedMembers.OfLayer.Collision(annotated.Symbol) is string collision)
        {
            return collision;
        }

        INamedTypeSymbol? origin = annotated.Symbol.BaseType;
        if (origin is not null && AttributeNames.First(origin) is not null)
        {
            return $"its base class '{origin.Name}' is a layer or model itself, whose members it would have twice";
        }

        return origin is null or { TypeKind: TypeKind.Error } || origin.InstanceConstructors.Any(constructor =>
            constructor.Parameters.All(static parameter => parameter.IsOptional || parameter.IsParams)
            && annotated.Compilation.IsSymbolAccessibleWithin(constructor, annotated.Symbol))
                ? null
                : $"its base class '{origin.Name}' has no constructor without parameters";
    }
}
