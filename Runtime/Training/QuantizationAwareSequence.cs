using System;
using System.Collections.Generic;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Models.Nodes;
using Kernels.Quantization;

namespace Kernels.Training;

/// <summary>
/// A sequential model that trains as it will run in int8: a <see cref="QuantizationAwareModel"/> whose layers follow one another and all
/// become int8. Made by <see cref="QuantizationAwareTraining.PrepareForTraining(QuantizedSequentialModel, QConfig, IReadOnlyList{BatchNormParameters?}?)"/>;
/// trained with a <see cref="Trainer"/>; <see cref="Convert"/> ends it.
/// </summary>
/// <remarks>
/// Forward passes observe and round until the switches say otherwise. With activation ranges that use all codes (no
/// <c>reduce_range</c>), a forward pass without observing gives the very outputs of the converted model.
/// </remarks>
public sealed class QuantizationAwareSequence : TrainableLayer
{
    private readonly LayerFactory[] _factories;
    private readonly QuantizationAwareModel _model;
    private readonly FakeQuantizedConvolution[] _layers;

    internal QuantizationAwareSequence(
        LayerFactory[] factories, IReadOnlyList<LayerWeights> weights, Func<ModelNode, QConfig?> resolve, IReadOnlyList<BatchNormParameters?>? batchNorms)
    {
        if (batchNorms is not null && batchNorms.Count != factories.Length)
        {
            throw new ArgumentException($"The sequence has {factories.Length} layers, but batch norms, or nulls, for {batchNorms.Count}.", nameof(batchNorms));
        }

        _factories = factories;
        ModelNode[] nodes = SequentialLayers.Nodes(factories, i => new WeightedModule(factories[i].Spec, weights[i], kernel: factories[i])
        {
            Unfolded = batchNorms?[i] is { } batchNorm ? new UnfoldedBatchNorm(weights[i], batchNorm) : null,
        });
        _model = new QuantizationAwareModel(new FloatModel(factories[0].Spec.InChannels, nodes), node => resolve(node) ?? throw StaysFloat(node));
        _layers = Array.ConvertAll(nodes, node => _model.Convolutions.TryGetValue(node.Name, out FakeQuantizedConvolution? layer) ? layer : throw StaysFloat(node));
        InputFakeQuantize = _model.ActivationFakeQuantizes[ModelBuilder.InputName];
    }

    /// <summary>The layers in the order in which they run.</summary>
    public IReadOnlyList<FakeQuantizedConvolution> Layers => _layers;

    /// <summary>Rounds the input.</summary>
    public FakeQuantize InputFakeQuantize { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => _model.Parameters;

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => _model.OutputShape(input);

    /// <summary>PyTorch's <c>enable_observer</c> and <c>disable_observer</c>: whether forward passes move the ranges of activations and weights.</summary>
    /// <param name="isEnabled">The switch.</param>
    public void EnableObserver(bool isEnabled) => _model.EnableObserver(isEnabled);

    /// <summary>PyTorch's <c>enable_fake_quant</c> and <c>disable_fake_quant</c>: whether forward passes round; without, the model is the float one.</summary>
    /// <param name="isEnabled">The switch.</param>
    public void EnableFakeQuant(bool isEnabled) => _model.EnableFakeQuant(isEnabled);

    /// <summary>PyTorch's <c>freeze_bn_stats</c> and <c>update_bn_stats</c>: whether batch norms use their running statistics and leave them alone.</summary>
    /// <param name="isFrozen">The switch.</param>
    public void FreezeBatchNorm(bool isFrozen) => _model.FreezeBatchNorm(isFrozen);

    /// <summary>The float weights as they are now, batch norms folded in: to save, or to make the float model again.</summary>
    /// <returns>Copies, one for each layer.</returns>
    public IReadOnlyList<LayerWeights> ToFloatWeights() => [.. _model.ToFloatWeights().Values];

    /// <summary>
    /// Makes the int8 model: the weights as they are now, batch norms folded in, with the scales and zero points of the last
    /// forward pass. It is independent of this one, which can go on training and convert again.
    /// </summary>
    /// <returns>The int8 model.</returns>
    /// <exception cref="InvalidOperationException">No forward pass has observed anything.</exception>
    public QuantizedSequence Convert()
    {
        (ConvertedNode[] nodes, QuantizationParameters?[] parameters) = _model.ConvertNodes();
        return new QuantizedSequence(_factories, Array.ConvertAll(nodes, static node => node.Weights!), Array.ConvertAll(parameters, static pair => pair!.Value));
    }

    /// <inheritdoc/>
    protected override void Compute(FloatTensor input, FloatTensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _model.Forward(input).Data.CopyTo(output.Data);
    }

    /// <inheritdoc/>
    protected override void Propagate(FloatTensor input, FloatTensor output, FloatTensor outputGradient, FloatTensor? inputGradient)
    {
        if (inputGradient is not null)
        {
            _model.Backward(outputGradient).Data.CopyTo(inputGradient.Data);
            return;
        }

        _model.BackwardToParameters(outputGradient);
    }

    private static ArgumentException StaysFloat(ModelNode node) =>
        new($"The layer {node.Name} would stay float, but a sequence becomes int8 as a whole: give that layer a configuration that observes, or train the model's Graph.");
}
