using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using Kernels.Generators.Diagnostics;
using Kernels.Generators.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kernels.Generators.Parsing;

/// <summary>An annotated model class to its layers.</summary>
internal static class SequentialParser
{
    private const string ModelBase = "Kernels.Models.AnnotatedModel";

    // What a model's files call its input.
    private const string InputName = "input";

    public static ParseResult<SequentialModel> Parse(AnnotatedClass annotated)
    {
        var diagnostics = new DiagnosticBag();
        if (annotated.Arguments.IsBroken || !TypeParser.IsGenerated(annotated, diagnostics))
        {
            return ParseResult<SequentialModel>.From(null, diagnostics);
        }

        TypeSpec type = TypeParser.Parse(annotated, diagnostics, Refusal(annotated.Symbol));
        EquatableArray<SequentialLayer>? layers = ParseLayers(annotated, diagnostics);
        return ParseResult<SequentialModel>.From(layers is null ? null : new SequentialModel(type, layers.Value), diagnostics);
    }

    /// <summary>The generated part names the base class, and a class has only one.</summary>
    private static string? Refusal(INamedTypeSymbol symbol)
    {
        if (symbol.IsRecord)
        {
            return "it is a record, which cannot derive from 'AnnotatedModel'";
        }

        if (GeneratedMembers.OfSequence.Collision(symbol) is string collision)
        {
            return collision;
        }

        return symbol.BaseType is { SpecialType: not SpecialType.System_Object } origin && origin.ToDisplayString() != ModelBase
            ? $"it derives from '{origin.Name}', and a model derives from 'AnnotatedModel'"
            : null;
    }

    /// <summary>The layers, or nothing when the compiler cannot read one of them.</summary>
    private static EquatableArray<SequentialLayer>? ParseLayers(AnnotatedClass annotated, DiagnosticBag diagnostics)
    {
        ImmutableArray<TypedConstant> constants = Constants(annotated.Attribute);
        if (constants.IsEmpty)
        {
            diagnostics.Add(Descriptors.NoLayers, annotated.Arguments.Attribute, annotated.Symbol.Name);
        }

        LocationInfo?[] locations = Locations(annotated, constants.Length);
        var layers = new List<SequentialLayer>();
        var names = new HashSet<string>(StringComparer.Ordinal) { InputName };
        (INamedTypeSymbol Type, LayerChannels Channels)? before = null;
        for (int i = 0; i < constants.Length; i++)
        {
            if (constants[i].Value is IErrorTypeSymbol || constants[i].Kind == TypedConstantKind.Error)
            {
                return null;
            }

            if (constants[i].Value is not INamedTypeSymbol { IsUnboundGenericType: false } type || LayerChannels.Of(type) is not LayerChannels channels)
            {
                diagnostics.Add(Descriptors.NotALayer, locations[i], (constants[i].Value as ITypeSymbol)?.ToDisplayString() ?? "null");
                before = null;
                continue;
            }

            if (before is not null && !before.Value.Channels.CanFeed(channels))
            {
                diagnostics.Add(
                    Descriptors.ChannelsDoNotMatch,
                    locations[i],
                    type.Name,
                    Text(channels.In),
                    before.Value.Type.Name,
                    Text(before.Value.Channels.Out));
            }

            layers.Add(new SequentialLayer(type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), Distinct(type.Name, names)));
            before = (type, channels);
        }

        return new EquatableArray<SequentialLayer>([.. layers]);
    }

    /// <summary>The class's name; one that occurred before gets a number.</summary>
    private static string Distinct(string name, HashSet<string> names)
    {
        string distinct = name;
        for (int number = 2; !names.Add(distinct); number++)
        {
            distinct = string.Format(CultureInfo.InvariantCulture, "{0}_{1}", name, number);
        }

        return distinct;
    }

    private static ImmutableArray<TypedConstant> Constants(AttributeData attribute) =>
        attribute.ConstructorArguments.FirstOrDefault() is { Kind: TypedConstantKind.Array, IsNull: false } array ? array.Values : [];

    /// <summary>Where each layer is written, whether as arguments of their own or within one array.</summary>
    private static LocationInfo?[] Locations(AnnotatedClass annotated, int count)
    {
        var syntax = annotated.Attribute.ApplicationSyntaxReference?.GetSyntax(CancellationToken.None) as AttributeSyntax;
        LocationInfo?[] found =
        [
            .. (syntax?.DescendantNodes() ?? []).Where(static node => node is TypeOfExpressionSyntax or LiteralExpressionSyntax).Select(static node => new LocationInfo(node)),
        ];
        return found.Length == count ? found : [.. Enumerable.Repeat(annotated.Arguments.Attribute, count)];
    }

    private static string Text(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
