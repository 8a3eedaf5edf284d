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

    /// <summary>Packs quantized weights and the constants of an epilogue into a layer; generated where <see cref="Spec"/> has an epilogue.</summary>
    /// <param name="weight">Int8 weights in PyTorch's order.</param>
    /// <param name="bias">Float32 bias, one an output channel; empty when the layer has none.</param>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="epilogue">The functions of the layer's <see cref="ConvolutionSpec.Epilogue"/> with their data; null where it has none.</param>
    /// <returns>The layer; an <see cref="IResidualLayer"/> where the epilogue adds a second input.</returns>
    /// <exception cref="ArgumentException">Weight, bias or epilogue are not the layer's.</exception>
    static virtual IQuantizedLayer Create(QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue)
    {
        EpilogueParameters.Check(TSelf.Spec, epilogue);
        return TSelf.Create(weight, bias, input, output);
    }
}
