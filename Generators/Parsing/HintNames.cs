using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
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

        // A class and a record of one name are an error, but two types until it is mended.
        full.Append(type.IsRecord ? " record" : "");
        var readable = new StringBuilder();
        foreach (char letter in type.Name)
        {
            readable.Append(char.IsLetterOrDigit(letter) && readable.Length < MaxReadable ? letter.ToString() : "");
        }

        return $"{readable}.{Hash(full.ToString())}.g";
    }

    // Half of a SHA-256: two names that share it cannot be made. string.GetHashCode differs from run to run.
    private static string Hash(string text)
    {
        using var sha = SHA256.Create();
        byte[] hash = sha.ComputeHash(Encoding.UTF8.GetBytes(text));
        return string.Concat(hash.Take(16).Select(static part => part.ToString("x2", CultureInfo.InvariantCulture)));
    }
}
