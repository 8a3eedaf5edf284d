using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Kernels.Generators.Parsing;

/// <summary>
/// The members that generated code adds to a class, held against those that the class has already: what they would collide in is an
/// error at the user's class, not in a generated file.
/// </summary>
/// <param name="Names">Fields and properties: nothing else may have their names.</param>
/// <param name="Methods">Methods as <c>Name(type, type)</c> in C#'s short form: others may overload them. A constructor's name is empty.</param>
/// <param name="IsConstructed">Whether generated code makes instances.</param>
internal sealed record GeneratedMembers(string[] Names, string[] Methods, bool IsConstructed)
{
    private const string Attribute = "System.CodeDom.Compiler.GeneratedCodeAttribute";

    /// <summary>Those of a layer.</summary>
    public static readonly GeneratedMembers OfLayer = new(
        ["Spec", "InputQuantization", "OutputQuantization", "Packed", "_kernel"],
        [
            "Create(QuantizedWeight, ReadOnlySpan<float>, QuantizationParameters, QuantizationParameters)",
            "Create(FloatWeight, ReadOnlySpan<float>, QuantizationParameters, QuantizationParameters)",
            "OutputShape(Shape4)",
            "Run(ReadOnlySpan<byte>, int, int, Span<byte>)",
            "Run(ReadOnlySpan<byte>, int, int, int, Span<byte>)",
            "Run(ReadOnlySpan<byte>, int, Span<byte>)",
            "Forward(QuantizedTensor)",
        ],
        IsConstructed: true);

    /// <summary>Those of a sequence.</summary>
    public static readonly GeneratedMembers OfSequence = new(
        ["Layers"],
        ["Load(string)", "(SafetensorsFile)", "(IReadOnlyList<LayerWeights>)"],
        IsConstructed: false);

    /// <summary>Those of a network.</summary>
    public static readonly GeneratedMembers OfNetwork = new(
        ["Layers", "Plan"],
        ["Load(string)", "Load(Stream)", "Apply(Value)", "(SafetensorsFile)"],
        IsConstructed: false);

    /// <summary>The first collision as the rest of a sentence that begins with "because"; nothing when there is none.</summary>
    public string? Collision(INamedTypeSymbol type)
    {
        if (Names.Contains(type.Name) || Methods.Any(method => method.StartsWith(type.Name + "(", System.StringComparison.Ordinal)))
        {
            return "a generated member has its name";
        }

        if (type.GetAttributes().Any(static attribute => attribute.AttributeClass?.ToDisplayString() == Attribute))
        {
            return "it has the attribute 'GeneratedCode', which its generated part has too";
        }

        foreach ((ISymbol member, bool isInherited) in Members(type))
        {
            if (IsConstructed && member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true })
            {
                return $"its member '{member.Name}' is required, and generated code makes instances without it";
            }

            if (!(isInherited && member.DeclaredAccessibility == Accessibility.Private) && !member.IsImplicitlyDeclared && Collides(member))
            {
                return member is IMethodSymbol { MethodKind: MethodKind.Constructor }
                    ? "it has a constructor that is generated too"
                    : $"{(isInherited ? "it inherits" : "it has")} a member '{member.Name}' that is generated too";
            }
        }

        return null;
    }

    private bool Collides(ISymbol member)
    {
        if (Names.Contains(member.Name))
        {
            return true;
        }

        if (member is not IMethodSymbol method)
        {
            return Methods.Any(generated => generated.StartsWith(member.Name + "(", System.StringComparison.Ordinal));
        }

        string name = method.MethodKind switch
        {
            MethodKind.Ordinary => method.Name,
            MethodKind.Constructor => string.Empty,
            _ => "?",
        };
        return method.Arity == 0
            && method.Parameters.All(static parameter => parameter.RefKind == RefKind.None)
            && Methods.Contains($"{name}({string.Join(", ", method.Parameters.Select(static parameter => parameter.Type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)))})");
    }

    private static IEnumerable<(ISymbol Member, bool IsInherited)> Members(INamedTypeSymbol type)
    {
        foreach (ISymbol member in type.GetMembers())
        {
            yield return (member, false);
        }

        // What the runtime's base class has is meant to be there.
        for (INamedTypeSymbol? origin = type.BaseType; origin is { SpecialType: SpecialType.None } && origin.ContainingNamespace?.ToDisplayString() != "Kernels.Models"; origin = origin.BaseType)
        {
            foreach (ISymbol member in origin.GetMembers().Where(static member => member is not IMethodSymbol { MethodKind: MethodKind.Constructor }))
            {
                yield return (member, true);
            }
        }
    }
}
