namespace Kernels.Generators.Specs;

/// <summary>A layer of a sequential model.</summary>
/// <param name="TypeName">The class, as generated code names it: <c>global::N.First</c>.</param>
/// <param name="Name">The class's simple name, for messages and files; with a number when the class occurred before.</param>
internal sealed record SequentialLayer(string TypeName, string Name);

/// <summary>A class annotated as a sequence of layers: where its code goes, and the layers in the order in which they run.</summary>
internal sealed record SequentialModel(TypeSpec Type, EquatableArray<SequentialLayer> Layers);
