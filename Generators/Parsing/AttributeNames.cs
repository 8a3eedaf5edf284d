using System;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Kernels.Generators.Parsing;

/// <summary>Metadata names of the attributes that generate code.</summary>
internal static class AttributeNames
{
    public const string Conv2d = "Kernels.QuantizedConv2dAttribute";

    public const string ConvTranspose2d = "Kernels.QuantizedConvTranspose2dAttribute";

    public const string Conv1d = "Kernels.QuantizedConv1dAttribute";

    public const string ConvTranspose1d = "Kernels.QuantizedConvTranspose1dAttribute";

    public const string Linear = "Kernels.QuantizedLinearAttribute";

    public const string Sequential = "Kernels.QuantizedSequentialAttribute";

    public const string Model = "Kernels.QuantizedModelAttribute";

    public const string Block = "Kernels.QuantizedBlockAttribute";

    private static readonly string[] OfClasses = [Conv2d, ConvTranspose2d, Conv1d, ConvTranspose1d, Linear, Sequential, Model];

    /// <summary>Those that make a method a layer or block of a network.</summary>
    public static readonly string[] OfMethods = [Conv2d, ConvTranspose2d, Conv1d, ConvTranspose1d, Linear, Block, .. ParameterLayers.Attributes];

    /// <summary>Those of layers that may be classes or methods.</summary>
    public static readonly string[] Layers = [Conv2d, ConvTranspose2d, Conv1d, ConvTranspose1d, Linear];

    /// <summary>The metadata name when the attribute is one that makes code for a class.</summary>
    public static string? Find(AttributeData attribute) => Find(OfClasses, attribute);

    /// <summary>The first attribute of a class that makes code for it, over all its parts; only that one does.</summary>
    public static AttributeData? First(ISymbol annotated) => annotated.GetAttributes().FirstOrDefault(static attribute => Find(attribute) is not null);

    /// <summary>The metadata name when the attribute is one that makes code for a method of a network.</summary>
    public static string? FindOfMethod(AttributeData attribute) => Find(OfMethods, attribute);

    private static string? Find(string[] names, AttributeData attribute)
    {
        string? name = attribute.AttributeClass?.ToDisplayString();
        return Array.Exists(names, known => known == name) ? name : null;
    }
}
