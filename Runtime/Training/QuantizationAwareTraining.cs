using System;
using System.Collections.Generic;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Models.Nodes;
using Kernels.Quantization;

namespace Kernels.Training;

/// <summary>The way from a float model to one that is fine-tuned for int8.</summary>
public static class QuantizationAwareTraining
{
    /// <summary>
    /// Makes a trainable copy whose weights and activations are rounded as int8 will round them, over their full ranges
    /// (<see cref="QConfig.FullRangeTraining"/>); weights as each layer's <see cref="WeightScheme"/> says.
    /// </summary>
    /// <param name="model">The float model; it stays as it is, and can be the teacher.</param>
    /// <returns>The copy.</returns>
    public static QuantizationAwareSequence PrepareForTraining(this QuantizedSequentialModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        QConfig perTensor = QConfig.FullRangeTraining with { Weight = QConfig.QnnpackTraining.Weight };
        return new QuantizationAwareSequence(
            model.Factories,
            model.Weights,
            node => ((WeightedModule)node.Layer).Spec.WeightScheme == WeightScheme.PerChannel ? QConfig.FullRangeTraining : perTensor,
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
    public static QuantizationAwareSequence PrepareForTraining(
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
    public static QuantizationAwareSequence PrepareForTraining(
        this QuantizedSequentialModel model,
        QConfigMapping mapping,
        IReadOnlyList<BatchNormParameters?>? batchNorms = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(mapping);
        return new QuantizationAwareSequence(model.Factories, model.Weights, node => mapping.Resolve(node.Name, node.Layer.Type), batchNorms);
    }

    /// <summary>Makes a trainable copy that is rounded wherever one configuration would make it int8: PyTorch's <c>prepare_qat_fx</c>.</summary>
    /// <param name="model">The float model; it stays as it is, and can be the teacher. Batch norms that <see cref="FloatModel.Fuse"/> folded train along.</param>
    /// <param name="config">For example <see cref="QConfig.QnnpackTraining"/>; Sigmoid and Tanh have fixed outputs, as in PyTorch.</param>
    /// <returns>The copy.</returns>
    /// <exception cref="ArgumentException">An observer of activations is not one of quint8, or one of weights not of qint8.</exception>
    /// <exception cref="InvalidOperationException">Stubs are placed so that a layer would read int8 and float.</exception>
    public static QuantizationAwareModel PrepareForTraining(this FloatModel model, QConfig config)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(config);
        return new QuantizationAwareModel(model, _ => config);
    }

    /// <summary>As <see cref="PrepareForTraining(FloatModel, QConfig)"/>, with a configuration for each layer. One without stays float, and trains as well.</summary>
    /// <param name="model">The float model; it stays as it is, and can be the teacher. Batch norms that <see cref="FloatModel.Fuse"/> folded train along.</param>
    /// <param name="mapping">Configurations by name, name pattern, type, or for all. <see cref="FloatModel.LayerNames"/> are the names.</param>
    /// <returns>The copy.</returns>
    /// <exception cref="ArgumentException">An observer of activations is not one of quint8, or one of weights not of qint8.</exception>
    /// <exception cref="InvalidOperationException">No layer has a configuration, or stubs are placed so that a layer would read int8 and float.</exception>
    public static QuantizationAwareModel PrepareForTraining(this FloatModel model, QConfigMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(mapping);
        return new QuantizationAwareModel(model, node => mapping.Resolve(node.Name, node.Layer.Type));
    }
}
