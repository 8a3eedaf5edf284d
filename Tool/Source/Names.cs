using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Kernels.Generators.Parsing;
using Kernels.Models;

namespace Kernels.Tool.Source;

/// <summary>Names of ONNX as C# has them.</summary>
internal static class Names
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "abstract", "add", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default", "delegate", "do", "double",
        "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is",
        "lock", "long", "namespace", "new", "null", "object", "operator", "out", "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed",
        "short", "sizeof", "stackalloc", "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using",
        "virtual", "void", "volatile", "while", "x", "value",
    };

    /// <summary>What a method of a network's class cannot be called: its other members, inherited and generated ones too, and functions, which it would hide.</summary>
    public static IReadOnlyCollection<string> OfClassesOfNetworks { get; } =
    [
        .. typeof(AnnotatedModel).GetMembers().Concat(typeof(Functions).GetMethods()).Select(static member => member.Name),
        .. GeneratedMembers.OfNetwork.Names,
        .. GeneratedMembers.OfNetwork.Methods.Select(static method => method[..method.IndexOf('(', StringComparison.Ordinal)]),
    ];

    /// <summary>A name in Pascal case: letters and digits, a capital after each break.</summary>
    public static string Pascal(string name)
    {
        var text = new StringBuilder();
        bool isStart = true;
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                isStart = true;
                continue;
            }

            if (text.Length == 0 && char.IsAsciiDigit(c))
            {
                text.Append('N');
            }

            text.Append(isStart ? char.ToUpperInvariant(c) : c);
            isStart = false;
        }

        return text.Length == 0 ? "Network" : text.ToString();
    }

    /// <summary>A name in camel case that is no keyword.</summary>
    public static string Camel(string pascal)
    {
        string name = char.ToLowerInvariant(pascal[0]) + pascal[1..];
        return Keywords.Contains(name) ? name + "0" : name;
    }

    /// <summary>The name of a file that belongs to a class.</summary>
    public static string File(string pascal) => pascal.ToLowerInvariant();

    /// <summary>Throws unless a name can be one of C#.</summary>
    /// <exception cref="ToolException">It cannot.</exception>
    public static void RequireIdentifier(string name)
    {
        bool isName = name.Length > 0 && !char.IsAsciiDigit(name[0]) && !Keywords.Contains(name);
        foreach (char c in name)
        {
            isName &= char.IsAsciiLetterOrDigit(c) || c == '_';
        }

        if (!isName)
        {
            throw new ToolException($"'{name}' cannot be a name in C#: give another one.");
        }
    }

    /// <summary>A name that is not taken yet; a number behind it tells it from others.</summary>
    public static string Unique(string name, HashSet<string> taken)
    {
        string candidate = name;
        for (int i = 2; !taken.Add(candidate); i++)
        {
            candidate = $"{name}_{i}";
        }

        return candidate;
    }
}
