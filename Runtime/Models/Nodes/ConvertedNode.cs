namespace Kernels.Models.Nodes;

/// <summary>A layer in a converted model.</summary>
/// <param name="Node">Its place in the graph.</param>
/// <param name="IsQuantized">Whether it is int8.</param>
/// <param name="Weights">Int8 weights of an int8 layer that has weights.</param>
internal sealed record ConvertedNode(ModelNode Node, bool IsQuantized, QuantizedLayerWeights? Weights);
