using System.Linq;
using Microsoft.CodeAnalysis;

namespace Kernels.Generators.Parsing;

/// <summary>The method that a network's code starts in.</summary>
internal static class ForwardMethod
{
    /// <summary>Its name.</summary>
    public const string Name = "Forward";

    private const string Value = "Kernels.Models.Value";

    /// <summary><c>static Value Forward(Value x)</c> of a class, if it has one.</summary>
    public static IMethodSymbol? Of(INamedTypeSymbol type) => type.GetMembers(Name).OfType<IMethodSymbol>().FirstOrDefault(static method =>
        method is { IsStatic: true, IsGenericMethod: false, Parameters.Length: 1 } && IsValue(method.ReturnType) && IsValue(method.Parameters[0].Type));

    /// <summary>Whether a type is that of values.</summary>
    public static bool IsValue(ITypeSymbol? type) => type?.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString() == Value;
}
