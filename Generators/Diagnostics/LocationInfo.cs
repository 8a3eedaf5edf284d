using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Kernels.Generators.Diagnostics;

/// <summary>
/// A place in the source. It holds the tree, not a path, because <c>#pragma warning</c> and .editorconfig reach a diagnostic through its tree.
/// </summary>
/// <param name="Tree">The file.</param>
/// <param name="Span">The place in it.</param>
internal sealed record LocationInfo(SyntaxTree Tree, TextSpan Span)
{
    public LocationInfo(SyntaxNodeOrToken syntax)
        : this(syntax.SyntaxTree!, syntax.Span)
    {
    }

    public Location ToLocation() => Location.Create(Tree, Span);
}
