using System;
using System.IO;
using Kernels.Layers;

namespace Kernels.Models;

/// <summary>Float32 weights of one layer.</summary>
public sealed class LayerWeights
{
    private readonly float[] _bias;

    /// <summary>Wraps weights without copying them.</summary>
    /// <param name="weight">The weights in PyTorch's order.</param>
    /// <param name="bias">One an output channel; nothing when the layer has no bias.</param>
    public LayerWeights(FloatWeight weight, float[]? bias = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        Weight = weight;
        _bias = bias ?? [];
    }

    /// <summary>The weights in PyTorch's order.</summary>
    public FloatWeight Weight { get; }

    /// <summary>One an output channel; empty when the layer has no bias.</summary>
    public ReadOnlySpan<float> Bias => _bias;

    /// <summary>Reads a layer's weights by PyTorch's names: <c>NAME.weight</c>, and <c>NAME.bias</c> where there is one.</summary>
    /// <param name="file">The file, with F32 or F16 tensors.</param>
    /// <param name="name">The layer's name, for example <c>unet1.conv1.0</c>.</param>
    /// <returns>The weights; dimensions that a Linear or Conv1d lacks are 1.</returns>
    /// <exception cref="InvalidDataException">There is no such weight, or a tensor cannot be weights; the message says which.</exception>
    public static LayerWeights Read(SafetensorsFile file, string name)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(name);
        FloatWeight weight = Tensor(file, name + ".weight").ToFloatWeight();
        return new LayerWeights(weight, file.Tensors.TryGetValue(name + ".bias", out SafetensorsTensor? bias) ? bias.ToSingles() : null);
    }

    /// <summary>A tensor that must be there.</summary>
    internal static SafetensorsTensor Tensor(SafetensorsFile file, string name) =>
        file.Tensors.TryGetValue(name, out SafetensorsTensor? tensor)
            ? tensor
            : throw new InvalidDataException($"The file has no tensor {SafetensorsFile.Quote(name)}.");

    /// <summary>What does not fit the layer, as a sentence; nothing when all does.</summary>
    internal static string? Misfit(LayerFactory layer, Shape4 weight, int biases) => Misfit(layer.Name, layer.Spec, weight, biases);

    /// <summary>What does not fit the layer, as a sentence; nothing when all does.</summary>
    internal static string? Misfit(string name, ConvolutionSpec spec, Shape4 weight, int biases)
    {
        if (weight != spec.WeightShape)
        {
            return $"The layer {name} needs weights of shape {spec.WeightShape}, but got {weight}.";
        }

        int expected = spec.HasBias ? spec.OutChannels : 0;
        return biases == expected ? null : $"The layer {name} needs {expected} bias values, but got {biases}.";
    }
}
