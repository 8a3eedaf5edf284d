using Kernels.Generators.Diagnostics;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Parsing;

/// <summary>An annotated layer class to its model.</summary>
internal static class LayerParser
{
    public static ParseResult<LayerModel> Parse(AnnotatedClass annotated, LayerKind kind)
    {
        var diagnostics = new DiagnosticBag();
        if (!TypeParser.IsOnlyGenerator(annotated, diagnostics))
        {
            return ParseResult<LayerModel>.From(null, diagnostics);
        }

        TypeSpec type = TypeParser.Parse(annotated, diagnostics);
        LayerSpec? layer = ConvolutionParser.Parse(annotated.Arguments, kind, diagnostics);
        ParseResult<LayerModel> result = ParseResult<LayerModel>.From(layer is null ? null : new LayerModel(type, layer), diagnostics);
        if (result.Model is null || annotated.AllowsUnsafe)
        {
            return result;
        }

        // The members are generated all the same, or every use of them would be an error too.
        diagnostics.Add(Descriptors.UnsafeNotAllowed, annotated.Arguments.Attribute, annotated.Symbol.Name);
        return result with { Diagnostics = diagnostics.ToEquatableArray() };
    }
}
