namespace Kernels.Fusion;

/// <summary>What a node is for the planner of fusions.</summary>
internal enum FusionKind
{
    /// <summary>Computed by itself: pooling, cat, sigmoid, stubs and so on.</summary>
    Other,

    /// <summary>A convolution, transposed convolution or linear layer: what others are fused into.</summary>
    Weighted,

    /// <summary>A function of one value that a kernel can end with; <see cref="FusionNode.Function"/> says which. A batch norm is <see cref="FusedFunction.ChannelAffine"/>.</summary>
    Function,

    /// <summary>The sum of two values.</summary>
    Add,

    /// <summary>Another function of two values, which can end with a ReLU.</summary>
    Binary,
}
