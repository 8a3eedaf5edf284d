using System;
using System.Collections.Generic;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Training;

/// <summary>
/// A sequential model that trains as it will run in int8: what PyTorch's <c>prepare_qat_fx</c> gives. Made by
/// <see cref="QuantizationAwareTraining.PrepareForTraining(QuantizedSequentialModel, QConfig, IReadOnlyList{BatchNormParameters?}?)"/>; trained
/// with a <see cref="Trainer"/>; <see cref="Convert"/> ends it.
/// </summary>
/// <remarks>
/// Forward passes observe and round until the switches say otherwise. With activation ranges that use all codes (no
/// <c>reduce_range</c>), a forward pass without observing gives the very outputs of the converted model.
/// </remarks>
public sealed class QuantizationAwareModel : TrainableLayer
{
    private readonly LayerFactory[] _factories;
    private readonly FakeQuantizedInput _input;
    private readonly FakeQuantizedConvolution[] _layers;
    private readonly TrainableSequence _sequence;

    internal QuantizationAwareModel(LayerFactory[] factories, IReadOnlyList<LayerWeights> weights, QConfig[] configs, IReadOnlyList<BatchNormParameters?>? batchNorms)
    {
        if (batchNorms is not null && batchNorms.Count != factories.Length)
        {
            throw new ArgumentException($"The sequence has {factories.Length} layers, but batch norms, or nulls, for {batchNorms.Count}.", nameof(batchNorms));
        }

        _factories = factories;

        // The input is rounded as the layer that reads it asks.
        _input = new FakeQuantizedInput(configs[0].CreateActivationFakeQuantize());
        _layers = new FakeQuantizedConvolution[factories.Length];
        FakeQuantize last = _input.FakeQuantize;
        for (int i = 0; i < _layers.Length; i++)
        {
            FakeQuantize output = configs[i].CreateActivationFakeQuantize();
            _layers[i] = new FakeQuantizedConvolution(
                factories[i].Spec,
                weights[i].Weight,
                weights[i].Bias,
                last,
                configs[i].CreateWeightFakeQuantize(),
                output,
                batchNorms?[i] is { } batchNorm ? new TrainableBatchNorm2d(batchNorm) : null);
            last = output;
        }

        _sequence = new TrainableSequence([_input, .. _layers]);
    }

    /// <summary>The layers in the order in which they run.</summary>
    public IReadOnlyList<FakeQuantizedConvolution> Layers => _layers;

    /// <summary>Rounds the input.</summary>
    public FakeQuantize InputFakeQuantize => _input.FakeQuantize;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => _sequence.Parameters;

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => _sequence.OutputShape(input);

    /// <summary>PyTorch's <c>enable_observer</c> and <c>disable_observer</c>: whether forward passes move the ranges of activations and weights.</summary>
    /// <param name="isEnabled">The switch.</param>
    public void EnableObserver(bool isEnabled)
    {
        InputFakeQuantize.ObserverEnabled = isEnabled;
        foreach (FakeQuantizedConvolution layer in _layers)
        {
            layer.WeightFakeQuantize.ObserverEnabled = isEnabled;
            layer.OutputFakeQuantize.ObserverEnabled = isEnabled;
        }
    }

    /// <summary>PyTorch's <c>enable_fake_quant</c> and <c>disable_fake_quant</c>: whether forward passes round; without, the model is the float one.</summary>
    /// <param name="isEnabled">The switch.</param>
    public void EnableFakeQuant(bool isEnabled)
    {
        InputFakeQuantize.FakeQuantEnabled = isEnabled;
        foreach (FakeQuantizedConvolution layer in _layers)
        {
            layer.WeightFakeQuantize.FakeQuantEnabled = isEnabled;
            layer.OutputFakeQuantize.FakeQuantEnabled = isEnabled;
        }
    }

    /// <summary>PyTorch's <c>freeze_bn_stats</c> and <c>update_bn_stats</c>: whether batch norms use their running statistics and leave them alone.</summary>
    /// <param name="isFrozen">The switch.</param>
    public void FreezeBatchNorm(bool isFrozen)
    {
        foreach (FakeQuantizedConvolution layer in _layers)
        {
            if (layer.BatchNorm is not null)
            {
                layer.BatchNorm.IsFrozen = isFrozen;
            }
        }
    }

    /// <summary>The float weights as they are now, batch norms folded in: to save, or to make the float model again.</summary>
    /// <returns>Copies, one for each layer.</returns>
    public IReadOnlyList<LayerWeights> ToFloatWeights() => Array.ConvertAll(_layers, static layer =>
    {
        FusedConvolution folded = layer.ToFloat();
        return new LayerWeights(folded.Weight, folded.Bias);
    });

    /// <summary>
    /// Makes the int8 model: the weights as they are now, batch norms folded in, with the scales and zero points of the last
    /// forward pass. It is independent of this one, which can go on training and convert again.
    /// </summary>
    /// <returns>The int8 model.</returns>
    /// <exception cref="InvalidOperationException">No forward pass has observed anything.</exception>
    public QuantizedSequence Convert()
    {
        var activations = new QuantizationParameters[_layers.Length + 1];
        activations[0] = Observed(InputFakeQuantize);
        var weights = new QuantizedLayerWeights[_layers.Length];
        for (int i = 0; i < _layers.Length; i++)
        {
            activations[i + 1] = Observed(_layers[i].OutputFakeQuantize);
            weights[i] = new QuantizedLayerWeights(_layers[i].Quantize(), _layers[i].ToFloat().Bias);
        }

        return new QuantizedSequence(_factories, weights, activations);
    }

    /// <inheritdoc/>
    protected override void Compute(FloatTensor input, FloatTensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _sequence.Forward(input).Data.CopyTo(output.Data);
    }

    /// <inheritdoc/>
    protected override void Propagate(FloatTensor input, FloatTensor output, FloatTensor outputGradient, FloatTensor? inputGradient)
    {
        if (inputGradient is not null)
        {
            _sequence.Backward(outputGradient).Data.CopyTo(inputGradient.Data);
            return;
        }

        _sequence.BackwardToParameters(outputGradient);
    }

    private static QuantizationParameters Observed(FakeQuantize fakeQuantize) => fakeQuantize.Observer.HasObserved
        ? fakeQuantize.Parameters[0]
        : throw new InvalidOperationException("Nothing was observed yet: run Forward, or training steps, with typical inputs and the observers on before Convert.");
}
