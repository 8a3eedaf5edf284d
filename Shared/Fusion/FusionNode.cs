using System.Collections.Generic;

namespace Kernels.Fusion;

/// <summary>A node of a network as far as fusion goes. Value 0 is the network's input; the node at index i makes value i + 1.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Inputs">The values that it reads, all made before.</param>
internal sealed record FusionNode(FusionKind Kind, IReadOnlyList<int> Inputs)
{
    /// <summary>Which function; of <see cref="FusionKind.Function"/> only.</summary>
    public FusedFunction Function { get; init; }

    /// <summary>A weighted node: the activation that is part of it already, and comes before all that is fused.</summary>
    public FusedFunction? Activation { get; init; }

    /// <summary>A weighted node that stays as it is: its kernel was generated with another end. A binary node that ends with a ReLU already.</summary>
    public bool IsFixed { get; init; }

    /// <summary>A weighted node: whether it is a linear layer, whose PyTorch kernels end with ReLU and ReLU6 only.</summary>
    public bool IsLinear { get; init; }

    /// <summary>Whether its output is one pixel, whatever it reads: global pooling.</summary>
    public bool MakesOnePixel { get; init; }

    /// <summary>Whether its output has the pixels of its inputs: one tap, stride 1, no padding. Functions always have.</summary>
    public bool KeepsPixels { get; init; }
}
