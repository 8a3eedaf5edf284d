using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>What every generated convolution offers, so that models can make and run it without reflection.</summary>
/// <typeparam name="TSelf">The generated class.</typeparam>
public interface IQuantizedConvolution<TSelf> : IQuantizedLayer
    where TSelf : IQuantizedConvolution<TSelf>
{
    /// <summary>The shape that the kernel was generated for.</summary>
    static abstract ConvolutionSpec Spec { get; }

    /// <summary>Packs quantized weights into a layer.</summary>
    /// <param name="weight">Int8 weights in PyTorch's order.</param>
    /// <param name="bias">Float32 bias, one an output channel; empty when the layer has none.</param>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">Weight or bias does not have the layer's shape.</exception>
    static abstract TSelf Create(QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output);
}
