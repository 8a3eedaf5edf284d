using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kernels.Fusion;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>Which nodes of a network run as one, by the planner that the runtime asks too, and the kernel that such a group needs.</summary>
internal static class NetworkFusion
{
    private const float DefaultSlope = 0.01f;

    /// <summary>The groups, in the order in which they run.</summary>
    public static IReadOnlyList<FusionGroup> Groups(GraphSpec graph, bool fuse) => fuse
        ? FusionPlanner.Plan([.. graph.Nodes.Select(node => Describe(graph, node))], output: graph.Nodes.Count)
        : [.. graph.Nodes.Select(static (_, index) => new FusionGroup([index], [], -1, -1, null))];

    /// <summary>
    /// Whether compiler and runtime come to the same groups. They ask whether two summands have as many channels, so both must know: the runtime
    /// does not know what an image of any size is flattened to, the compiler does not know what it cannot follow.
    /// </summary>
    public static bool IsKnown(GraphSpec graph)
    {
        var isKnown = new bool[graph.Nodes.Count + 1];
        isKnown[0] = graph.Input.Channels > 0;
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            NodeSpec node = graph.Nodes[i];
            bool isRead = node.Inputs.All(input => isKnown[input]);
            if (node is { Operation: "Add", Inputs.Count: 2 } && !isRead)
            {
                return false;
            }

            isKnown[i + 1] = node.Layer is not null || node.Operation is "BatchNorm2d" or "Constant" || (isRead && node.Operation != "Flatten" && node.Shape.Channels > 0);
        }

        return true;
    }

    /// <summary>What the kernel of a group computes; nothing when no layer begins it.</summary>
    public static LayerSpec? Kernel(GraphSpec graph, FusionGroup group)
    {
        if (graph.Nodes[group.Head].Layer is not LayerSpec layer || group.Nodes.Count == 1)
        {
            return graph.Nodes[group.Head].Layer;
        }

        // A batch norm in the weights gives a bias.
        layer = layer with { HasBias = layer.HasBias || group.FoldedBatchNorm >= 0 };
        if (group.Activation is FusedFunction activation)
        {
            return layer with { Activation = Activation(activation), NegativeSlope = Slope(graph, group, layer) };
        }

        return group.Functions.Count == 0 ? layer : layer with
        {
            Activation = ActivationKind.None,
            NegativeSlope = DefaultSlope,
            Epilogue = new EquatableArray<FusedFunction>([.. group.Functions]),
        };
    }

    // As the runtime describes its modules to the planner.
    private static FusionNode Describe(GraphSpec graph, NodeSpec node) => node switch
    {
        { Layer: LayerSpec layer } => new FusionNode(FusionKind.Weighted, node.Inputs)
        {
            Activation = layer.Activation switch
            {
                ActivationKind.Relu => FusedFunction.Relu,
                ActivationKind.Relu6 => FusedFunction.Relu6,
                ActivationKind.LeakyRelu => FusedFunction.LeakyRelu,
                _ => null,
            },
            IsLinear = node.Operation == "Linear",
            KeepsPixels = PointRows.Are(layer.Vertical, layer.Horizontal),
        },
        { Operation: "Add", Inputs.Count: 2 } when graph.ShapeOf(node.Inputs[0]).Channels == graph.ShapeOf(node.Inputs[1]).Channels => new FusionNode(FusionKind.Add, node.Inputs),
        { Operation: "Add" or "Mul" or "Sub" or "Div", Inputs.Count: 2 } => new FusionNode(FusionKind.Binary, node.Inputs),
        { Operation: "Add" or "Mul" or "Sub" or "RSub" or "Div" or "Affine" } => Function(node, FusedFunction.Affine),
        { Operation: "ReLU" } => Function(node, FusedFunction.Relu),
        { Operation: "ReLU6" } => Function(node, FusedFunction.Relu6),
        { Operation: "LeakyReLU" } => Function(node, FusedFunction.LeakyRelu),
        { Operation: "HardSwish" } => Function(node, FusedFunction.HardSwish),
        { Operation: "HardSigmoid" } => Function(node, FusedFunction.HardSigmoid),
        { Operation: "Clip" } => Function(node, FusedFunction.Clip),
        { Operation: "BatchNorm2d" } => Function(node, FusedFunction.ChannelAffine) with { IsBatchNorm = true },
        { Operation: "ChannelAffine" } => Function(node, node.Arguments[0] == "1" ? FusedFunction.Affine : FusedFunction.ChannelAffine),
        { Operation: "GlobalAvgPool" or "Mean" } => new FusionNode(FusionKind.Other, node.Inputs) { MakesOnePixel = true },
        { Operation: "AdaptiveAvgPool" } when node.Arguments.All(static size => size == "1") => new FusionNode(FusionKind.Other, node.Inputs) { MakesOnePixel = true },
        _ => new FusionNode(FusionKind.Other, node.Inputs) { KeepsPixels = KeepsPixels(node.Operation) },
    };

    private static FusionNode Function(NodeSpec node, FusedFunction function) => new(FusionKind.Function, node.Inputs) { Function = function };

    private static bool KeepsPixels(string operation) => operation is
        "Sigmoid" or "Tanh" or "SiLU" or "GELU" or "ELU" or "Mish" or "Softplus" or "Softmax" or "Pow" or "PReLU" or "InstanceNorm2d" or "LayerNorm" or "GroupNorm" or "Quantize" or "Dequantize";

    private static ActivationKind Activation(FusedFunction function) => function switch
    {
        FusedFunction.Relu => ActivationKind.Relu,
        FusedFunction.Relu6 => ActivationKind.Relu6,
        _ => ActivationKind.LeakyRelu,
    };

    // Of the layer's own LeakyReLU, or of the one behind it.
    private static float Slope(GraphSpec graph, FusionGroup group, LayerSpec layer) => layer.Activation == ActivationKind.LeakyRelu
        ? layer.NegativeSlope
        : group.Nodes.Select(index => graph.Nodes[index]).FirstOrDefault(static node => node.Operation == "LeakyReLU") is NodeSpec leaky
            ? float.Parse(leaky.Arguments[0], NumberStyles.Float, CultureInfo.InvariantCulture)
            : layer.NegativeSlope;
}
