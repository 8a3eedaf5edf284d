using System;
using Microsoft.CodeAnalysis;

namespace Kernels.Generators.Parsing;

/// <summary>Metadata names of the attributes that generate code.</summary>
internal static class AttributeNames
{
    public const string Conv2d = "Kernels.QuantizedConv2dAttribute";

    public const string ConvTranspose2d = "Kernels.QuantizedConvTranspose2dAttribute";

    public const string Linear = "Kernels.QuantizedLinearAttribute";

    public const string Sequential = "Kernels.QuantizedSequentialAttribute";

    private static readonly string[] All = [Conv2d, ConvTranspose2d, Linear, Sequential];

    /// <summary>The metadata name when the attribute is one of them.</summary>
    public static string? Find(AttributeData attribute)
    {
        string? name = attribute.AttributeClass?.ToDisplayString();
        return Array.Exists(All, known => known == name) ? name : null;
    }
}
