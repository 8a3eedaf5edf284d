using System;

namespace Kernels.Layers;

/// <summary>Conveniences over <see cref="IQuantizedLayer"/>.</summary>
public static class QuantizedLayerExtensions
{
    /// <summary>Runs a layer over a tensor.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="x">The input, with the layer's input scale and zero point.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">The tensor's shape, scale or zero point does not fit the layer.</exception>
    public static QuantizedTensor Forward(this IQuantizedLayer layer, QuantizedTensor x) =>
        LayerForward.Run(layer, x);
}
