namespace Kernels.Onnx.Graphs;

/// <summary>An attribute of a node: one of float, long, string, tensor, and arrays of the first two.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">A <see cref="float"/>, <see cref="long"/>, <see cref="string"/>, <see cref="OnnxTensor"/>, <c>float[]</c>, <c>long[]</c> or <c>string[]</c>; null for a kind that is not read, such as a subgraph.</param>
internal sealed record OnnxAttribute(string Name, object? Value);
