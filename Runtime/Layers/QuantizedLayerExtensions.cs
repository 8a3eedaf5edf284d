using System;
using Kernels.Quantization;

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

    /// <summary>Quantizes a tensor as the layer reads it, runs the layer, and gives the numbers that its codes stand for.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="x">The input; what is beyond the range of the layer's input quantization is cut off.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">The tensor's shape does not fit the layer.</exception>
    public static FloatTensor Forward(this IQuantizedLayer layer, FloatTensor x)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return Quantizer.Dequantize(LayerForward.Run(layer, Quantizer.Quantize(x, layer.InputQuantization)));
    }
}
