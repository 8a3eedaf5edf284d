using System.Collections.Generic;

namespace Kernels.Fusion;

/// <summary>Nodes that run as one, where the last of them stood; one node that nothing was fused into is a group of its own.</summary>
/// <param name="Nodes">Their indices, in their order.</param>
/// <param name="Functions">The functions that the first node's kernel ends with, in their order; none of a group of one.</param>
/// <param name="FoldedBatchNorm">The node of the batch norm that is folded into the weights; -1 when there is none.</param>
/// <param name="Second">The value that <see cref="FusedFunction.Add"/> adds; -1 when nothing is added.</param>
/// <param name="Activation">The one function, where PyTorch's own kernel has it: the numbers are PyTorch's then. Functions is empty.</param>
internal sealed record FusionGroup(
    IReadOnlyList<int> Nodes, IReadOnlyList<FusedFunction> Functions, int FoldedBatchNorm, int Second, FusedFunction? Activation)
{
    /// <summary>The first node, whose name and weights the group has.</summary>
    public int Head => Nodes[0];

    /// <summary>The last node, whose value the group makes.</summary>
    public int Last => Nodes[Nodes.Count - 1];
}
