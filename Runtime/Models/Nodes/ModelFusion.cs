using System;
using System.Collections.Generic;
using Kernels.Layers;

namespace Kernels.Models.Nodes;

/// <summary>Folds batch norms and activations into the layers before them.</summary>
internal static class ModelFusion
{
    /// <summary>Fuses wherever the first layer's output is read by the second alone.</summary>
    public static ModelNode[] Fuse(ModelNode[] nodes)
    {
        var readers = new int[nodes.Length + 1];
        foreach (ModelNode node in nodes)
        {
            foreach (int input in node.Inputs)
            {
                readers[input]++;
            }
        }

        // Where each value of the old model is made in the new one.
        var values = new int[nodes.Length + 1];
        var fused = new List<ModelNode>();
        for (int i = 0; i < nodes.Length; i++)
        {
            ModelNode node = nodes[i];
            int before = node.Inputs[0];
            int target = values[before] - 1;
            if (target >= 0 && node.Inputs.Length == 1 && readers[before] == 1 && Fuse(fused[target].Layer, node.Layer) is { } layer)
            {
                fused[target] = fused[target] with { Layer = layer };
                values[i + 1] = target + 1;
            }
            else
            {
                fused.Add(node with { Inputs = Array.ConvertAll(node.Inputs, input => values[input]) });
                values[i + 1] = fused.Count;
            }
        }

        return [.. fused];
    }

    /// <summary>Folds batch norms into convolutions by name, between sums and activation.</summary>
    /// <exception cref="ArgumentException">A name is no convolution's, or a batch norm does not fit.</exception>
    public static ModelNode[] FoldBatchNorms(ModelNode[] nodes, IReadOnlyDictionary<string, BatchNormParameters> batchNorms)
    {
        ModelNode[] folded = [.. nodes];
        foreach ((string name, BatchNormParameters batchNorm) in batchNorms)
        {
            int index = Array.FindIndex(nodes, node => node.Name == name);
            if (index < 0 || nodes[index].Layer is not WeightedModule { Unfolded: null } layer)
            {
                throw new ArgumentException($"The model has no convolution {name} without a batch norm.", nameof(batchNorms));
            }

            if (!layer.Spec.HasBias || batchNorm.Channels != layer.Spec.OutChannels)
            {
                throw new ArgumentException(
                    $"A batch norm becomes part of weights and bias: the layer {name} needs a bias and as many channels, but {(layer.Spec.HasBias ? "has" : "has no bias and")} "
                    + $"{layer.Spec.OutChannels} outputs, and the batch norm {batchNorm.Channels} channels.",
                    nameof(batchNorms));
            }

            folded[index] = folded[index] with { Layer = Folded(layer, batchNorm) };
        }

        return folded;
    }

    /// <summary>Both layers as one, or null when they stay two.</summary>
    private static Module? Fuse(Module first, Module second) => (first, second) switch
    {
        (WeightedModule weighted, BatchNormModule batchNorm) => Fold(weighted, batchNorm.Parameters),
        (WeightedModule weighted, SharingModule { Type: "ReLU" }) => WithActivation(weighted, Activation.Relu),
        (WeightedModule weighted, SharingModule { Type: "ReLU6" }) => WithActivation(weighted, Activation.Relu6),
        (WeightedModule { IsLinear: false } weighted, UnaryModule { Layer: FloatLeakyRelu leaky }) => WithActivation(weighted, Activation.LeakyRelu, leaky.NegativeSlope),
        (BinaryModule { HasRelu: false } binary, SharingModule { Type: "ReLU" }) => binary.WithRelu(),
        _ => null,
    };

    private static WeightedModule? Fold(WeightedModule layer, BatchNormParameters batchNorm)
    {
        // A generated kernel is what its attribute says: it cannot get a bias.
        if (layer.HasEnd || (layer.Kernel is not null && !layer.Spec.HasBias))
        {
            return null;
        }

        return Folded(layer, batchNorm);
    }

    /// <summary>A layer with a batch norm in its weights.</summary>
    public static WeightedModule Folded(WeightedModule layer, BatchNormParameters batchNorm)
    {
        // The batch norm comes before the activation.
        FusedConvolution fused = LayerFusion.FoldBatchNorm(layer.Spec with { Activation = Activation.None }, layer.Weights.Weight, layer.Weights.Bias, batchNorm);
        float[] bias = layer.Spec.HasBias ? layer.Weights.Bias.ToArray() : new float[layer.Spec.OutChannels];
        return new WeightedModule(fused.Spec with { Activation = layer.Spec.Activation }, new LayerWeights(fused.Weight, fused.Bias), layer.IsLinear, layer.Kernel)
        {
            Unfolded = new UnfoldedBatchNorm(new LayerWeights(layer.Weights.Weight, bias), batchNorm),
        };
    }

    private static WeightedModule? WithActivation(WeightedModule layer, Activation activation, float negativeSlope = 0.01f) =>
        layer.HasEnd || layer.Kernel is not null
            ? null
            : new WeightedModule(LayerFusion.FuseActivation(layer.Spec, activation, negativeSlope), layer.Weights, layer.IsLinear) { Unfolded = layer.Unfolded };
}
