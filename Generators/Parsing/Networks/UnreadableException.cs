using System;
using Microsoft.CodeAnalysis;

namespace Kernels.Generators.Parsing;

/// <summary>Ends the reading of a network's code; caught where it began.</summary>
internal sealed class UnreadableException(SyntaxNode syntax, string reason) : Exception(reason)
{
    public SyntaxNode Syntax { get; } = syntax;
}
