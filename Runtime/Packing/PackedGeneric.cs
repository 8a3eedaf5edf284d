using System;
using Kernels.Execution;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Packing;

/// <summary>The weights of a layer whose shape no generated kernel can spell out: the generic kernel runs it.</summary>
public sealed class PackedGeneric : PackedConvolution
{
    private PackedGeneric(GenericConvolution kernel, MachineCode code)
        : base(kernel.Spec, WeightForm.Words, code, kernel.InputQuantization, kernel.OutputQuantization) => Kernel = kernel;

    /// <summary>The kernel with its weights.</summary>
    public GenericConvolution Kernel { get; }

    /// <inheritdoc/>
    public override long Size => Kernel.PackedBytes;

    /// <summary>Packs the weights of a layer.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="code">Says why there is none.</param>
    /// <param name="weight">Int8 weights in PyTorch's order.</param>
    /// <param name="bias">Float32 bias, one an output channel; empty when the layer has none.</param>
    /// <param name="input">Scale and zero point of the input: 0 to 255.</param>
    /// <param name="output">Scale and zero point of the output: 0 to 255.</param>
    /// <returns>The packed weights.</returns>
    /// <exception cref="ArgumentException">Weight or bias does not have the layer's shape.</exception>
    public static PackedGeneric Pack(ConvolutionSpec spec, MachineCode code, QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output) =>
        new(new GenericConvolution(spec, weight, bias, input, output), code);
}
