namespace Kernels.Models.Nodes;

/// <summary>A layer in a model. Value 0 is the model's input; the node at index i makes value i + 1.</summary>
/// <param name="Name">Its name, unique in the model.</param>
/// <param name="Layer">What it computes.</param>
/// <param name="Inputs">The values that it reads, all made before.</param>
internal sealed record ModelNode(string Name, Module Layer, int[] Inputs);
