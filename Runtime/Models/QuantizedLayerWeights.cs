using System;

namespace Kernels.Models;

/// <summary>Int8 weights of one layer, and its bias, which stays float32.</summary>
public sealed class QuantizedLayerWeights
{
    private readonly float[] _bias;

    /// <summary>Wraps weights without copying them.</summary>
    /// <param name="weight">The int8 weights in PyTorch's order.</param>
    /// <param name="bias">One an output channel; nothing when the layer has no bias.</param>
    public QuantizedLayerWeights(QuantizedWeight weight, float[]? bias = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        Weight = weight;
        _bias = bias ?? [];
    }

    /// <summary>The int8 weights in PyTorch's order.</summary>
    public QuantizedWeight Weight { get; }

    /// <summary>One an output channel; empty when the layer has no bias.</summary>
    public ReadOnlySpan<float> Bias => _bias;
}
