using System;
using System.Collections.Generic;
using Kernels.Fusion;
using Kernels.Layers;

namespace Kernels.Models.Nodes;

/// <summary>Makes one layer of each group of nodes that <see cref="FusionPlanner"/> finds.</summary>
internal static class EpilogueFusion
{
    /// <summary>Fuses a model whose last node makes its output.</summary>
    public static ModelNode[] Fuse(int inChannels, ModelNode[] nodes)
    {
        var channels = new int[nodes.Length + 1];
        channels[0] = inChannels;
        var described = new FusionNode[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            int[] inputs = Array.ConvertAll(nodes[i].Inputs, input => channels[input]);
            channels[i + 1] = nodes[i].Layer.OutputChannels(inputs);
            described[i] = Describe(nodes[i], inputs);
        }

        IReadOnlyList<FusionGroup> groups = FusionPlanner.Plan(described, output: nodes.Length);
        var fused = new ModelNode[groups.Count];
        var values = new int[nodes.Length + 1];
        for (int i = 0; i < fused.Length; i++)
        {
            FusionGroup group = groups[i];
            ModelNode head = nodes[group.Head];
            int[] inputs = group.Second < 0 ? head.Inputs : [.. head.Inputs, group.Second];
            fused[i] = new ModelNode(head.Name, Fuse(nodes, group), Array.ConvertAll(inputs, input => values[input]));
            values[group.Last + 1] = i + 1;
        }

        return fused;
    }

    /// <summary>A node as the planner sees it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="channels">Channels of what it reads; 0 where they are not known.</param>
    private static FusionNode Describe(ModelNode node, int[] channels) => node.Layer switch
    {
        WeightedModule layer => new FusionNode(FusionKind.Weighted, node.Inputs)
        {
            Activation = Of(layer.Spec.Activation),
            IsFixed = layer.Kernel is not null || !layer.Spec.Epilogue.IsNone,
            IsLinear = layer.IsLinear,
            KeepsPixels = PointRows.Are(layer.Spec.Vertical, layer.Spec.Horizontal),
        },
        BinaryModule { Type: BinaryModule.AddType, HasRelu: false } when channels[0] == channels[1] => new FusionNode(FusionKind.Add, node.Inputs),
        BinaryModule binary => new FusionNode(FusionKind.Binary, node.Inputs) { IsFixed = binary.HasRelu },
        _ when Step(node.Layer) is { } step => new FusionNode(FusionKind.Function, node.Inputs) { Function = (FusedFunction)step.Function, IsBatchNorm = node.Layer is BatchNormModule },
        SharingModule { Layer: FloatGlobalAvgPool2d or FloatMean } => new FusionNode(FusionKind.Other, node.Inputs) { MakesOnePixel = true },
        _ => new FusionNode(FusionKind.Other, node.Inputs) { KeepsPixels = node.Layer is UnaryModule or StubModule },
    };

    private static Module Fuse(ModelNode[] nodes, FusionGroup group)
    {
        Module head = nodes[group.Head].Layer;
        if (head is BinaryModule binary)
        {
            return group.Nodes.Count > 1 ? binary.WithRelu() : binary;
        }

        // A group of one may be a layer that was fused before.
        if (head is not WeightedModule layer || group.Nodes.Count == 1)
        {
            return head;
        }

        var steps = new List<EpilogueStep>();
        if (layer.Spec.Activation != Activation.None)
        {
            steps.Add(Step(layer.Spec.Activation, layer.Spec.NegativeSlope));
        }

        for (int i = 1; i < group.Nodes.Count; i++)
        {
            Module part = nodes[group.Nodes[i]].Layer;
            if (group.Nodes[i] == group.FoldedBatchNorm)
            {
                layer = ModelFusion.Folded(layer, ((BatchNormModule)part).Parameters);
            }
            else
            {
                steps.Add(part is BinaryModule ? EpilogueStep.Add : Step(part)!);
            }
        }

        if (group.Activation is { } activation)
        {
            (Activation own, float slope) = activation switch
            {
                FusedFunction.Relu => (Activation.Relu, layer.Spec.NegativeSlope),
                FusedFunction.Relu6 => (Activation.Relu6, layer.Spec.NegativeSlope),
                _ => (Activation.LeakyRelu, steps[0].NegativeSlope),
            };
            return new WeightedModule(layer.Spec with { Activation = own, NegativeSlope = slope }, layer.Weights, layer.IsLinear) { Unfolded = layer.Unfolded };
        }

        ConvolutionSpec spec = layer.Spec with { Activation = Activation.None, Epilogue = new EpilogueSpec([.. steps.ConvertAll(static step => step.Function)]) };
        return new WeightedModule(spec, layer.Weights, layer.IsLinear) { Unfolded = layer.Unfolded, Steps = [.. steps] };
    }

    /// <summary>A function that a kernel can end with; null for other modules.</summary>
    private static EpilogueStep? Step(Module module) => module switch
    {
        SharingModule { Type: "ReLU" } => EpilogueStep.Relu,
        SharingModule { Type: "ReLU6" } => EpilogueStep.Relu6,
        UnaryModule { Layer: FloatLeakyRelu leaky } => EpilogueStep.LeakyRelu(leaky.NegativeSlope),
        UnaryModule { Layer: FloatHardSwish } => EpilogueStep.HardSwish,
        UnaryModule { Layer: FloatHardSigmoid } => EpilogueStep.HardSigmoid,
        SharingModule { Layer: FloatHardtanh clip } => EpilogueStep.Clip(clip.MinVal, clip.MaxVal),
        UnaryModule { Layer: FloatAffine { Parameters: var affine } } => affine.Channels == 1
            ? EpilogueStep.Affine(affine.Scale[0], affine.Shift[0])
            : EpilogueStep.ChannelAffine(affine.Scale, affine.Shift),
        BatchNormModule batchNorm => Step(batchNorm.Parameters),
        _ => null,
    };

    private static EpilogueStep Step(Activation activation, float negativeSlope) => activation switch
    {
        Activation.Relu => EpilogueStep.Relu,
        Activation.Relu6 => EpilogueStep.Relu6,
        _ => EpilogueStep.LeakyRelu(negativeSlope),
    };

    private static EpilogueStep Step(BatchNormParameters batchNorm)
    {
        var scale = new float[batchNorm.Channels];
        var shift = new float[batchNorm.Channels];
        for (int c = 0; c < scale.Length; c++)
        {
            scale[c] = batchNorm.Weight[c] * batchNorm.InverseDeviation(c);
            shift[c] = batchNorm.Bias[c] - batchNorm.Mean[c] * scale[c];
        }

        return EpilogueStep.ChannelAffine(scale, shift);
    }

    private static FusedFunction? Of(Activation activation) => activation switch
    {
        Activation.Relu => FusedFunction.Relu,
        Activation.Relu6 => FusedFunction.Relu6,
        Activation.LeakyRelu => FusedFunction.LeakyRelu,
        _ => null,
    };
}
