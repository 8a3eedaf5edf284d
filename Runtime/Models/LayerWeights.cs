using System;
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

    /// <summary>What does not fit the layer, as a sentence; nothing when all does.</summary>
    internal static string? Misfit(LayerFactory layer, Shape4 weight, int biases)
    {
        ConvolutionSpec spec = layer.Spec;
        if (weight != spec.WeightShape)
        {
            return $"The layer {layer.Name} needs weights of shape {spec.WeightShape}, but got {weight}.";
        }

        int expected = spec.HasBias ? spec.OutChannels : 0;
        return biases == expected ? null : $"The layer {layer.Name} needs {expected} bias values, but got {biases}.";
    }
}
