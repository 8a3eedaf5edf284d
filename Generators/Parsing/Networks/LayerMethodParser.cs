using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kernels.Generators.Diagnostics;
using Kernels.Generators.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kernels.Generators.Parsing;

/// <summary>The partial methods of a network's class that are layers or blocks.</summary>
internal static class LayerMethodParser
{
    /// <summary>The method's attribute among those of layers and blocks, if it has one.</summary>
    public static AttributeData? AttributeOf(IMethodSymbol method) =>
        method.GetAttributes().FirstOrDefault(static attribute => AttributeNames.FindOfMethod(attribute) is not null);

    /// <summary>All layers and blocks of a class, in the order of its code.</summary>
    public static EquatableArray<LayerMethod> ParseAll(INamedTypeSymbol type, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        var methods = new List<LayerMethod>();
        foreach (IMethodSymbol method in type.GetMembers().OfType<IMethodSymbol>())
        {
            if (AttributeOf(method) is AttributeData attribute && IsWritable(method, attribute, diagnostics) && Parse(method, attribute, diagnostics, cancellation) is LayerMethod parsed)
            {
                methods.Add(parsed);
            }
        }

        return new EquatableArray<LayerMethod>([.. methods]);
    }

    /// <summary>Only the class of a network gets the bodies of its layers' methods.</summary>
    public static DiagnosticInfo? CheckPlace(IMethodSymbol method, SyntaxNode syntax) => IsNetwork(method.ContainingType)
        ? null
        : new DiagnosticInfo(
            Descriptors.LayerWithoutNetwork,
            new LocationInfo(((MethodDeclarationSyntax)syntax).Identifier),
            new EquatableArray<string>([method.Name, method.ContainingType.Name]));

    /// <summary>What a method computes; nothing when a diagnostic, or the compiler, says what is wrong.</summary>
    public static LayerMethod? Parse(IMethodSymbol method, AttributeData attribute, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        var arguments = new AttributeArguments(attribute, cancellation);
        string? name = AttributeNames.FindOfMethod(attribute);
        string? weights = arguments.Text("Weights");
        string parameter = TypeParser.Escape(method.Parameters[0].Name);
        string declaration = Declaration(method, parameter, cancellation);
        switch (name)
        {
            case AttributeNames.Block:
                return Block(method, attribute, arguments, declaration, parameter, weights, diagnostics);
            case string attributeName when ParameterLayers.Attributes.Contains(attributeName):
                string operation = ParameterLayers.Operation(attributeName);
                return ParameterLayers.Read(operation, arguments, new ArgumentChecks(arguments, diagnostics)) is { } numbers
                    ? new ParameterMethod(method.Name, declaration, parameter, weights, operation, numbers)
                    : null;
            default:
                LayerSpec? layer = LayerParser.ParseSpec(name, arguments, method, diagnostics);
                return layer is null ? null : new KernelMethod(method.Name, declaration, parameter, weights, layer, name == AttributeNames.Linear);
        }
    }

    /// <summary>The class that a block's attribute names, if the compiler can read it.</summary>
    public static INamedTypeSymbol? BlockType(AttributeData attribute) =>
        attribute.ConstructorArguments.FirstOrDefault().Value as INamedTypeSymbol;

    /// <summary>The attribute that makes a class a layer, if it is one.</summary>
    public static AttributeData? LayerAttribute(INamedTypeSymbol type) =>
        type.GetAttributes().FirstOrDefault(static attribute => AttributeNames.Layers.Contains(AttributeNames.Find(attribute)));

    /// <summary>Whether a class is annotated as a network.</summary>
    public static bool IsNetwork(INamedTypeSymbol type) =>
        type.GetAttributes().Any(static attribute => AttributeNames.Find(attribute) == AttributeNames.Model);

    private static BlockMethod? Block(
        IMethodSymbol method, AttributeData attribute, AttributeArguments arguments, string declaration, string parameter, string? weights, DiagnosticBag diagnostics)
    {
        if (arguments.IsBroken || attribute.ConstructorArguments.FirstOrDefault().Value is IErrorTypeSymbol)
        {
            return null;
        }

        INamedTypeSymbol? type = BlockType(attribute);
        AttributeData? layer = type is null ? null : LayerAttribute(type);
        if (type is null || type.IsUnboundGenericType || (layer is null && !IsNetwork(type)))
        {
            diagnostics.Add(Descriptors.NotABlock, arguments.Attribute, type?.ToDisplayString() ?? "null");
            return null;
        }

        LayerSpec? spec = null;
        string? kind = null;
        if (layer is not null)
        {
            // What is wrong with the class is said at the class.
            kind = AttributeNames.Find(layer);
            spec = LayerParser.ParseSpec(kind, new AttributeArguments(layer, default), type, new DiagnosticBag());
            if (spec is null)
            {
                return null;
            }
        }

        return new BlockMethod(method.Name, declaration, parameter, weights, type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), spec, kind == AttributeNames.Linear);
    }

    private static bool IsWritable(IMethodSymbol method, AttributeData attribute, DiagnosticBag diagnostics)
    {
        SyntaxNode? syntax = method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax();
        if (syntax is MethodDeclarationSyntax written && written.Modifiers.Any(static modifier => SyntaxFacts.IsAccessibilityModifier(modifier.Kind()))
            && method is { IsStatic: true, IsPartialDefinition: true, IsGenericMethod: false, RefKind: RefKind.None, Parameters.Length: 1 }
            && ForwardMethod.IsValue(method.ReturnType) && ForwardMethod.IsValue(method.Parameters[0].Type) && method.Parameters[0].RefKind == RefKind.None
            && method.PartialImplementationPart is null)
        {
            return true;
        }

        diagnostics.Add(
            Descriptors.LayerMethodShape,
            syntax is MethodDeclarationSyntax declaration ? new LocationInfo(declaration.Identifier) : new AttributeArguments(attribute, default).Attribute,
            method.Name);
        return false;
    }

    // C# wants the very modifiers on both parts.
    private static string Declaration(IMethodSymbol method, string parameter, CancellationToken cancellation)
    {
        var syntax = (MethodDeclarationSyntax)method.DeclaringSyntaxReferences[0].GetSyntax(cancellation);
        string modifiers = string.Join(" ", syntax.Modifiers.Select(static modifier => modifier.ValueText));
        return $"{modifiers} global::Kernels.Models.Value {TypeParser.Escape(method.Name)}(global::Kernels.Models.Value {parameter})";
    }
}
