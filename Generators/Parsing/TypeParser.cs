using System.Collections.Generic;
using System.Linq;
using System.Text;
using Kernels.Generators.Diagnostics;
using Kernels.Generators.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kernels.Generators.Parsing;

/// <summary>Where the generated part of a class goes, and what keeps it from going there.</summary>
internal static class TypeParser
{
    /// <summary>Whether this attribute is the one that generates the class's code, in a language that the code is written in.</summary>
    public static bool IsGenerated(AnnotatedClass annotated, DiagnosticBag diagnostics)
    {
        if (annotated.Language < LanguageVersion.CSharp13)
        {
            diagnostics.Add(Descriptors.OldLanguage, annotated.Arguments.Attribute, annotated.Symbol.Name, annotated.Language.ToDisplayString());
            return false;
        }

        AttributeData first = annotated.FirstGeneratingAttribute();
        if (IsSame(first.ApplicationSyntaxReference, annotated.Attribute.ApplicationSyntaxReference))
        {
            return true;
        }

        // The same attribute twice is an error of the compiler's own.
        if (!SymbolEqualityComparer.Default.Equals(first.AttributeClass, annotated.Attribute.AttributeClass))
        {
            diagnostics.Add(Descriptors.SeveralAttributes, annotated.Arguments.Attribute, annotated.Symbol.Name, first.AttributeClass!.Name);
        }

        return false;
    }

    /// <summary>Where the code goes; diagnostics say when it cannot.</summary>
    /// <param name="annotated">The class.</param>
    /// <param name="diagnostics">Receives what is wrong.</param>
    /// <param name="refusal">Why code of this kind cannot go there, if so.</param>
    public static TypeSpec Parse(AnnotatedClass annotated, DiagnosticBag diagnostics, string? refusal = null)
    {
        CheckPartial(annotated, diagnostics);
        CheckShape(annotated, diagnostics, refusal);
        INamedTypeSymbol symbol = annotated.Symbol;
        var enclosing = new Stack<EnclosingType>();
        for (INamedTypeSymbol? outer = symbol.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            enclosing.Push(new EnclosingType(Declaration(outer)));
        }

        INamespaceSymbol space = symbol.ContainingNamespace;
        return new TypeSpec(
            space.IsGlobalNamespace ? null : string.Join(".", Parts(space).Select(Escape)),
            new EquatableArray<EnclosingType>([.. enclosing]),
            Escape(symbol.Name),
            Declaration(symbol),
            HintNames.For(symbol));
    }

    private static void CheckPartial(AnnotatedClass annotated, DiagnosticBag diagnostics)
    {
        foreach (TypeDeclarationSyntax type in annotated.Syntax.AncestorsAndSelf().OfType<TypeDeclarationSyntax>())
        {
            if (!type.Modifiers.Any(SyntaxKind.PartialKeyword))
            {
                diagnostics.Add(Descriptors.NotPartial, new LocationInfo(type.Identifier), type.Identifier.ValueText, annotated.Symbol.Name);
            }
        }
    }

    private static void CheckShape(AnnotatedClass annotated, DiagnosticBag diagnostics, string? refusal)
    {
        INamedTypeSymbol symbol = annotated.Symbol;
        var location = new LocationInfo(annotated.Syntax.Identifier);
        for (INamedTypeSymbol? type = symbol; type is not null; type = type.ContainingType)
        {
            if (type.IsFileLocal)
            {
                diagnostics.Add(Descriptors.FileLocal, location, symbol.Name, type.Name);
            }
        }

        if ((Refusal(annotated.Symbol) ?? HiddenNamespace(annotated.Compilation) ?? refusal) is string reason)
        {
            diagnostics.Add(Descriptors.UnsuitableClass, location, symbol.Name, reason);
        }
    }

    /// <summary>Why generated code cannot make an instance of the class.</summary>
    private static string? Refusal(INamedTypeSymbol symbol)
    {
        if (symbol.IsStatic)
        {
            return "it is static";
        }

        if (symbol.IsAbstract)
        {
            return "it is abstract";
        }

        // The compiler says the same, and would say it again wherever generated code names the class.
        INamedTypeSymbol outermost = symbol;
        while (outermost.ContainingType is { } outer)
        {
            outermost = outer;
        }

        if (outermost.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal or Accessibility.NotApplicable))
        {
            return "only a class within another one can be private or protected";
        }

        if (symbol.ContainingType?.Name == symbol.Name)
        {
            return "it has the name of the type around it";
        }

        if (!symbol.GetTypeMembers(symbol.Name).IsEmpty)
        {
            return "a type within it has its name";
        }

        if (symbol.TypeParameters.Length > 0)
        {
            return "it is generic, and a kernel is generated for one shape";
        }

        if (symbol.DeclaringSyntaxReferences.Any(part => part.GetSyntax() is TypeDeclarationSyntax { ParameterList: not null }))
        {
            return "it has a primary constructor, and generated constructors do not know its arguments";
        }

        return null;
    }

    /// <summary>Why generated code cannot name what it uses: even <c>global::System</c> is then a type.</summary>
    private static string? HiddenNamespace(Compilation compilation) => new[] { "System", "Kernels" }
        .Where(name => !compilation.GlobalNamespace.GetTypeMembers(name).IsEmpty)
        .Select(name => $"a type named '{name}' outside any namespace hides the namespace '{name}', which generated code uses: rename the type, or put it into a namespace")
        .FirstOrDefault();

    /// <summary>
    /// Keyword, name and type parameters. Accessibility, other modifiers and constraints need no repetition, and C# allows no class within
    /// an interface whose type parameters have variance.
    /// </summary>
    private static string Declaration(INamedTypeSymbol type)
    {
        string keyword = type.TypeKind switch
        {
            TypeKind.Interface => "interface",
            TypeKind.Struct => type.IsRecord ? "record struct" : "struct",
            _ => type.IsRecord ? "record" : "class",
        };
        var text = new StringBuilder("partial ").Append(keyword).Append(' ').Append(Escape(type.Name));
        if (type.TypeParameters.Length > 0)
        {
            text.Append('<').Append(string.Join(", ", type.TypeParameters.Select(parameter => Escape(parameter.Name)))).Append('>');
        }

        return text.ToString();
    }

    private static IEnumerable<string> Parts(INamespaceSymbol space) =>
        space.IsGlobalNamespace ? [] : Parts(space.ContainingNamespace).Append(space.Name);

    /// <summary>A name as C# spells it.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None && SyntaxFacts.GetContextualKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    private static bool IsSame(SyntaxReference? left, SyntaxReference? right) => left?.SyntaxTree == right?.SyntaxTree && left?.Span == right?.Span;
}
