using System;
using Kernels.Models;
using Kernels.Models.Nodes;

namespace Kernels.Training.Nodes;

/// <summary>Makes the trainable node of each layer of a model.</summary>
internal static class TrainableNodes
{
    /// <summary>The node; it starts with the layer's weights.</summary>
    /// <param name="layer">Any layer but a stub, which computes nothing.</param>
    /// <param name="inputs">How many values it reads.</param>
    /// <param name="rounding">How it is rounded; null when it stays float.</param>
    /// <exception cref="ArgumentException">Weights or observers do not fit.</exception>
    public static TrainableNode Of(Module layer, int inputs, NodeRounding? rounding)
    {
        if (layer is WeightedModule weighted && rounding is not null)
        {
            return new LayerNode(FakeQuantized(weighted, rounding), layer);
        }

        TrainableNode node = layer switch
        {
            WeightedModule { Spec: var spec, Weights: var weights } fused => new LayerNode(new TrainableConvolution(spec, weights.Weight, weights.Bias) { Epilogue = Epilogue(fused) }, layer),
            BatchNormModule batchNorm => new LayerNode(new TrainableBatchNorm2d(batchNorm.Parameters), layer),
            SharingModule sharing => new LayerNode(new TrainableFunction(sharing.Layer), layer),
            UnaryModule unary => new LayerNode(new TrainableFunction(unary.Layer), layer),
            ConstantModule constant => new LayerNode(new TrainableFunction(constant.Layer), layer),
            BinaryModule binary => new BinaryNode(binary, binary.Layer),
            MatMulModule product => new BinaryNode(product, product.Layer),
            CatModule cat => new CatNode(cat, inputs),
            _ => throw new ArgumentException($"A layer of the type {layer.Type} cannot be trained.", nameof(layer)),
        };
        return rounding is null ? node : new FakeQuantizedNode(node, rounding);
    }

    private static FakeQuantizedConvolution FakeQuantized(WeightedModule layer, NodeRounding rounding)
    {
        LayerWeights weights = layer.Unfolded?.Weights ?? layer.Weights;
        TrainableBatchNorm2d? batchNorm = layer.Unfolded is { } unfolded ? new TrainableBatchNorm2d(unfolded.BatchNorm) : null;
        return new FakeQuantizedConvolution(
            layer.Spec, weights.Weight, weights.Bias, rounding.Inputs[0], rounding.Config.CreateWeightFakeQuantize(), rounding.Output, batchNorm)
        {
            Epilogue = Epilogue(layer),
        };
    }

    private static TrainableEpilogue? Epilogue(WeightedModule layer) => layer.Steps.Length == 0 ? null : new TrainableEpilogue(layer.Steps, layer.ChannelScales);
}
