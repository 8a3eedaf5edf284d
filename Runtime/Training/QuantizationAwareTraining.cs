using System;
using System.Collections.Generic;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Training;

/// <summary>The way from a float model to one that is fine-tuned for int8.</summary>
public static class QuantizationAwareTraining
{
    /// <summary>
    /// Makes a trainable copy whose weights and activations are rounded as int8 will round them, by moving averages of their ranges and all
    /// codes; weights as each layer's <see cref="WeightScheme"/> says.
    /// </summary>
    /// <param name="model">The float model; it stays as it is, and can be the teacher.</param>
    /// <returns>The copy.</returns>
    public static QuantizationAwareModel PrepareForTraining(this QuantizedSequentialModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        QConfig perTensor = QConfig.PreciseTraining with { Weight = QConfig.QnnpackTraining.Weight };
        return new QuantizationAwareModel(
            model.Factories,
            model.Weights,
            Array.ConvertAll(model.Factories, layer => layer.Spec.WeightScheme == WeightScheme.PerChannel ? QConfig.PreciseTraining : perTensor),
            batchNorms: null);
    }

    /// <summary>Makes a trainable copy whose weights and activations are rounded as one configuration says: PyTorch's <c>prepare_qat_fx</c>.</summary>
    /// <param name="model">The float model; it stays as it is, and can be the teacher.</param>
    /// <param name="config">For example <see cref="QConfig.QnnpackTraining"/>. It decides how many scales weights have, whatever the layer's <see cref="WeightScheme"/>.</param>
    /// <param name="batchNorms">
    /// The batch norm between each convolution and its activation, or null where there is none; they train along and are folded at the end.
    /// Nothing when no layer has one. The model's own layers do not have them, so its outputs are no teacher then.
    /// </param>
    /// <returns>The copy.</returns>
    /// <exception cref="ArgumentException">An observer has the wrong type, or a batch norm does not fit its layer.</exception>
    public static QuantizationAwareModel PrepareForTraining(
        this QuantizedSequentialModel model,
        QConfig config,
        IReadOnlyList<BatchNormParameters?>? batchNorms = null) =>
        PrepareForTraining(model, QConfigMapping.Uniform(config), batchNorms);

    /// <summary>Makes a trainable copy whose layers are rounded as a mapping says; the input as the first layer.</summary>
    /// <param name="model">The float model; it stays as it is, and can be the teacher.</param>
    /// <param name="mapping">Configurations by layer name (as <see cref="QuantizedSequentialModel.Graph"/> has them) and type.</param>
    /// <param name="batchNorms">The batch norm between each convolution and its activation, or null where there is none; nothing when no layer has one.</param>
    /// <returns>The copy.</returns>
    /// <exception cref="ArgumentException">A layer gets no configuration, an observer has the wrong type, or a batch norm does not fit its layer.</exception>
    public static QuantizationAwareModel PrepareForTraining(
        this QuantizedSequentialModel model,
        QConfigMapping mapping,
        IReadOnlyList<BatchNormParameters?>? batchNorms = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(mapping);
        return new QuantizationAwareModel(
            model.Factories,
            model.Weights,
            Array.ConvertAll(model.Graph.Nodes, node => mapping.Resolve(node.Name, node.Layer.Type)
                ?? throw new ArgumentException($"The mapping keeps the layer {node.Name} in float, but fine-tuning converts a sequence as a whole: give that layer a configuration.", nameof(mapping))),
            batchNorms);
    }
}
