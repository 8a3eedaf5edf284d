namespace Kernels.Onnx.Graphs;

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions, -1 where they depend on the input; null when the file says nothing.</param>
internal sealed record OnnxValue(string Name, ElementType Type, int[]? Shape);
