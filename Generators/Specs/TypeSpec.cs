namespace Kernels.Generators.Specs;

/// <summary>A type declaration that encloses the annotated class, as it must be repeated: <c>partial class Outer&lt;T&gt;</c>.</summary>
/// <param name="Declaration">Keyword, name and type parameters, for example <c>partial record struct Outer&lt;T&gt;</c>.</param>
internal sealed record EnclosingType(string Declaration);

/// <summary>Where the generated part of an annotated class goes.</summary>
/// <param name="Namespace">The namespace, or nothing for the global one.</param>
/// <param name="Enclosing">Enclosing types, outermost first.</param>
/// <param name="Name">The class's own name as C# spells it (with @ for a keyword).</param>
/// <param name="Declaration">Keyword, name and type parameters, for example <c>partial class Upsample</c>.</param>
/// <param name="HintName">A stable, unique file name without extension.</param>
internal sealed record TypeSpec(
    string? Namespace,
    EquatableArray<EnclosingType> Enclosing,
    string Name,
    string Declaration,
    string HintName);

/// <summary>An annotated class: where its code goes and what the layer computes. The pipeline's unit of caching.</summary>
/// <param name="Type">Where the code goes.</param>
/// <param name="Layer">What the layer computes.</param>
/// <param name="IsLinear">Whether it is a linear layer: its rows are the pixels of a 1x1 convolution.</param>
internal sealed record AnnotatedLayer(TypeSpec Type, LayerSpec Layer, bool IsLinear = false);
