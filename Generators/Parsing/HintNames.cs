using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Kernels.Generators.Parsing;

/// <summary>Names of generated files.</summary>
internal static class HintNames
{
    // A file's name may have 255 bytes, and a letter up to four.
    private const int MaxReadable = 48;

    /// <summary>
    /// The class's name for readers, and a hash of its full metadata name (namespace, nesting, arity) for uniqueness: hint names
    /// ignore case and forbid some letters that identifiers may have.
    /// </summary>
    public static string For(INamedTypeSymbol type)
    {
        var full = new StringBuilder(type.MetadataName);
        for (INamedTypeSymbol? outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            full.Insert(0, '+').Insert(0, outer.MetadataName);
        }

        string space = type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString() + ".";
        full.Insert(0, space);
        var readable = new StringBuilder();
        foreach (char letter in type.Name)
        {
            readable.Append(char.IsLetterOrDigit(letter) && readable.Length < MaxReadable ? letter.ToString() : "");
        }

        return $"{readable}.{Hash(full.ToString()).ToString("x8", CultureInfo.InvariantCulture)}.g";
    }

    // FNV-1a: string.GetHashCode differs from run to run.
    private static uint Hash(string text)
    {
        uint hash = 2_166_136_261;
        foreach (char letter in text)
        {
            hash = unchecked((hash ^ letter) * 16_777_619);
        }

        return hash;
    }
}
