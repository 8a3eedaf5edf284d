using System;
using System.Collections.Generic;
using System.IO;
using Kernels.Models.Nodes;
using Kernels.Quantization;

namespace Kernels.Models;

/// <summary>Makes models of layers that run one after the other: graphs without branches.</summary>
public static class Sequential
{
    /// <summary>Makes a float model from a file of float weights.</summary>
    /// <param name="layers">The layers in the order in which they run, each with a name of its own.</param>
    /// <param name="weights">F32 or F16 tensors with the names of PyTorch's <c>nn.Sequential</c>: <c>0.weight</c>, <c>0.bias</c>, <c>2.weight</c> and so on; no others.</param>
    /// <returns>The model; its layers have the layers' names.</returns>
    /// <exception cref="InvalidDataException">A tensor is missing, is no layer's, or does not have its layer's shape.</exception>
    /// <exception cref="ArgumentException">There is no layer, a layer cannot read what the one before it writes, or two have one name.</exception>
    public static FloatModel Of(IReadOnlyList<LayerFactory> layers, SafetensorsFile weights) => Of(layers, SequentialWeights.Read(weights, layers));

    /// <summary>Makes a float model from float weights.</summary>
    /// <param name="layers">The layers in the order in which they run, each with a name of its own.</param>
    /// <param name="weights">Weights for each.</param>
    /// <returns>The model; its layers have the layers' names.</returns>
    /// <exception cref="ArgumentException">There is no layer, the counts differ, a layer cannot read what the one before it writes, weights do not have their layer's shape, or two layers have one name.</exception>
    public static FloatModel Of(IReadOnlyList<LayerFactory> layers, IReadOnlyList<LayerWeights> weights)
    {
        Check(layers, weights);
        ModelBuilder builder = Build(layers, i => LayerWeights.Misfit(layers[i], weights[i].Weight.Shape, weights[i].Bias.Length) is { } misfit
            ? throw new ArgumentException(misfit, nameof(weights))
            : new WeightedModule(layers[i].Spec, weights[i], kernel: layers[i]));
        return builder.Build(builder.Values[^1]);
    }

    /// <summary>Makes an int8 model from int8 weights, without a float model and its calibration.</summary>
    /// <param name="layers">The layers in the order in which they run, each with a name of its own.</param>
    /// <param name="weights">Weights for each.</param>
    /// <param name="activations">Scale and zero point of the input, then of each layer's output: one more than layers. Zero points are 0 to 255.</param>
    /// <returns>The model; its layers have the layers' names.</returns>
    /// <exception cref="ArgumentException">There is no layer, the counts differ, a layer cannot read what the one before it writes, weights do not have their layer's shape, or two layers have one name.</exception>
    public static QuantizedModel Of(IReadOnlyList<LayerFactory> layers, IReadOnlyList<QuantizedLayerWeights> weights, IReadOnlyList<QuantizationParameters> activations)
    {
        Check(layers, weights);
        ArgumentNullException.ThrowIfNull(activations);
        if (activations.Count != layers.Count + 1)
        {
            throw new ArgumentException($"{layers.Count} layers need {layers.Count + 1} scales and zero points, the input's first, but got {activations.Count}.", nameof(activations));
        }

        ModelBuilder builder = Build(layers, i => LayerWeights.Misfit(layers[i], weights[i].Weight.Shape, weights[i].Bias.Length) is { } misfit
            ? throw new ArgumentException(misfit, nameof(weights))
            : new WeightedModule(layers[i].Spec, weights: null, kernel: layers[i]));
        var nodes = new ConvertedNode[layers.Count];
        var parameters = new QuantizationParameters?[activations.Count];
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i] = new ConvertedNode(builder.Nodes[i], IsQuantized: true, weights[i]);
        }

        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i] = activations[i].Scale > 0 && activations[i].ZeroPoint >= 0
                ? activations[i]
                : throw new ArgumentException($"Activations need a positive scale and a zero point of 0 to 255, but got {activations[i]}.", nameof(activations));
        }

        return new QuantizedModel(builder.Input.Channels, nodes, parameters);
    }

    private static void Check<T>(IReadOnlyList<LayerFactory> layers, IReadOnlyList<T> weights)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(weights);
        if (layers.Count == 0)
        {
            throw new ArgumentException("A sequence needs at least one layer.", nameof(layers));
        }

        if (weights.Count != layers.Count)
        {
            throw new ArgumentException($"The sequence has {layers.Count} layers, but weights for {weights.Count}.", nameof(weights));
        }

        for (int i = 0; i < layers.Count; i++)
        {
            _ = layers[i] ?? throw new ArgumentNullException(nameof(layers), $"Element {i} is null.");
            _ = weights[i] ?? throw new ArgumentNullException(nameof(weights), $"Element {i} is null.");
            if (i > 0 && layers[i].Spec.InChannels != layers[i - 1].Spec.OutChannels)
            {
                throw new ArgumentException($"The layer {layers[i].Name} reads {layers[i].Spec.InChannels} channels, but {layers[i - 1].Name} before it writes {layers[i - 1].Spec.OutChannels}.", nameof(layers));
            }
        }
    }

    private static ModelBuilder Build(IReadOnlyList<LayerFactory> layers, Func<int, Module> module)
    {
        var builder = new ModelBuilder(layers[0].Spec.InChannels);
        Value value = builder.Input;
        for (int i = 0; i < layers.Count; i++)
        {
            value = builder.Add(layers[i].Name, module(i), value);
        }

        return builder;
    }
}
