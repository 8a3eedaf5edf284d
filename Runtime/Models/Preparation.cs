using System;
using Kernels.Quantization;

namespace Kernels.Models;

/// <summary>The observers of a prepared model: one for the input, one behind every layer, and how each layer's weights are quantized.</summary>
internal sealed class Preparation
{
    private readonly IObserver[] _activations;
    private readonly QConfig[] _configs;

    public Preparation(LayerFactory[] layers, Func<LayerFactory, QConfig> configOf)
    {
        _configs = Array.ConvertAll(layers, layer => configOf(layer));
        _activations = new IObserver[layers.Length + 1];
        for (int i = 0; i < _activations.Length; i++)
        {
            // The input is observed as the layer that reads it.
            _activations[i] = _configs[int.Max(i - 1, 0)].Activation();
            if (_activations[i].Settings.Dtype != QuantizedDtype.Quint8)
            {
                throw new ArgumentException($"Activations are quint8, but the observer for {layers[int.Max(i - 1, 0)].Name} is of {_activations[i].Settings.Dtype}: give it quint8.");
            }
        }
    }

    /// <summary>The input's observer, then that of each layer's output.</summary>
    public ReadOnlySpan<IObserver> Activations => _activations;

    /// <summary>Makes the int8 model from what was observed.</summary>
    public QuantizedSequence Convert(LayerFactory[] layers, LayerWeights[] weights)
    {
        QuantizationParameters[] activations = Array.ConvertAll(_activations, static o => o.HasObserved
            ? o.CalculateQuantizationParameters()
            : throw new InvalidOperationException("Nothing was observed yet: call Calibrate with typical inputs before Convert."));
        var quantized = new QuantizedLayerWeights[weights.Length];
        for (int i = 0; i < quantized.Length; i++)
        {
            QuantizedWeight weight = WeightQuantizer.Quantize(weights[i].Weight, layers[i].Spec, _configs[i].Weight());
            quantized[i] = new QuantizedLayerWeights(weight, weights[i].Bias.ToArray());
        }

        return new QuantizedSequence(layers, quantized, activations);
    }
}
