using System;
using Kernels.Models;
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
    public static QuantizationAwareModel PrepareForTraining(this AnnotatedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        QConfig perTensor = QConfig.FullRangeTraining with { Weight = QConfig.QnnpackTraining.Weight };
        return new QuantizationAwareModel(
            model.Graph,
            node => AnnotatedModel.WeightScheme(node) == WeightScheme.PerChannel ? QConfig.FullRangeTraining : perTensor);
    }

    /// <summary>Makes a trainable copy whose weights and activations are rounded as one configuration says: PyTorch's <c>prepare_qat_fx</c>.</summary>
    /// <param name="model">The float model; it stays as it is, and can be the teacher.</param>
    /// <param name="config">For example <see cref="QConfig.QnnpackTraining"/>. It decides how many scales weights have, whatever the layer's <see cref="WeightScheme"/>.</param>
    /// <returns>The copy.</returns>
    /// <exception cref="ArgumentException">An observer has the wrong type.</exception>
    public static QuantizationAwareModel PrepareForTraining(this AnnotatedModel model, QConfig config)
    {
        ArgumentNullException.ThrowIfNull(model);
        return PrepareForTraining(model.Graph, config);
    }

    /// <summary>Makes a trainable copy whose layers are rounded as a mapping says. One without a configuration stays float, and trains as well.</summary>
    /// <param name="model">The float model; it stays as it is, and can be the teacher.</param>
    /// <param name="mapping">Configurations by layer name (as <see cref="AnnotatedModel.Graph"/> has them) and type.</param>
    /// <returns>The copy.</returns>
    /// <exception cref="ArgumentException">An observer has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">No layer has a configuration.</exception>
    public static QuantizationAwareModel PrepareForTraining(this AnnotatedModel model, QConfigMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(model);
        return PrepareForTraining(model.Graph, mapping);
    }

    /// <summary>Makes a trainable copy that is rounded wherever one configuration would make it int8: PyTorch's <c>prepare_qat_fx</c>.</summary>
    /// <param name="model">The float model; it stays as it is, and can be the teacher. Batch norms that <see cref="FloatModel.Fuse"/> or <see cref="FloatModel.FoldBatchNorms"/> folded train along.</param>
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
    /// <param name="model">The float model; it stays as it is, and can be the teacher. Batch norms that <see cref="FloatModel.Fuse"/> or <see cref="FloatModel.FoldBatchNorms"/> folded train along.</param>
    /// <param name="mapping">Configurations by name, name pattern, type, or for all. <see cref="FloatModel.LayerNames"/> are the names.</param>
    /// <returns>The copy.</returns>
    /// <exception cref="ArgumentException">An observer of activations is not one of quint8, or one of weights not of qint8.</exception>
    /// <exception cref="InvalidOperationException">No layer has a configuration, or stubs are placed so that a layer would read int8 and float.</exception>
    public static QuantizationAwareModel PrepareForTraining(this FloatModel model, QConfigMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(mapping);
        mapping.Check(model.LayerNames);
        return new QuantizationAwareModel(model, node => mapping.Resolve(node.Name, node.Layer.Type));
    }
}
