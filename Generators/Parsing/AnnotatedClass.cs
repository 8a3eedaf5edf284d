using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kernels.Generators.Parsing;

/// <summary>A class and the attribute on it, as the compiler sees them. Lives within the parse step only.</summary>
internal sealed class AnnotatedClass
{
    private AnnotatedClass(TypeDeclarationSyntax syntax, INamedTypeSymbol symbol, AttributeData attribute, Compilation compilation, CancellationToken cancellation)
    {
        Syntax = syntax;
        Symbol = symbol;
        Attribute = attribute;
        Compilation = compilation;
        Arguments = new AttributeArguments(attribute, cancellation);
    }

    /// <summary>The declaration that carries the attribute.</summary>
    public TypeDeclarationSyntax Syntax { get; }

    public INamedTypeSymbol Symbol { get; }

    public AttributeData Attribute { get; }

    public AttributeArguments Arguments { get; }

    public Compilation Compilation { get; }

    /// <summary>The version of C# that the project is written in.</summary>
    public LanguageVersion Language => ((CSharpParseOptions)Syntax.SyntaxTree.Options).LanguageVersion;

    /// <summary>Whether the project compiles pointers, which every kernel uses.</summary>
    public bool AllowsUnsafe => ((CSharpCompilationOptions)Compilation.Options).AllowUnsafe;

    /// <summary>Classes and record classes: the attributes go on nothing else, which the compiler checks.</summary>
    public static bool IsClass(SyntaxNode node) => node.IsKind(SyntaxKind.ClassDeclaration) || node.IsKind(SyntaxKind.RecordDeclaration);

    public static AnnotatedClass From(GeneratorAttributeSyntaxContext context, CancellationToken cancellation) => new(
        (TypeDeclarationSyntax)context.TargetNode,
        (INamedTypeSymbol)context.TargetSymbol,
        context.Attributes[0],
        context.SemanticModel.Compilation,
        cancellation);

    /// <summary>
    /// The first generating attribute of the class over all its parts. Only that one generates code, so that two never write the same members.
    /// </summary>
    public AttributeData FirstGeneratingAttribute() => AttributeNames.First(Symbol) ?? Attribute;
}
