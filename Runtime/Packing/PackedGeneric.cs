using System;
using Kernels.Execution;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Packing;

/// <summary>The weights of a layer whose shape no generated kernel can spell out: the generic kernel runs it.</summary>
public sealed class PackedGeneric : PackedConvolution
{
    private PackedGeneric(GenericConvolution kernel, MachineCode code, QuantizationParameters? second)
        : base(kernel.Spec, WeightForm.Words, code, kernel.InputQuantization, kernel.OutputQuantization)
    {
        Kernel = kernel;
        SecondQuantization = second;
    }

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
    /// <param name="epilogue">The functions of the layer's epilogue; null where it has none.</param>
    /// <returns>The packed weights.</returns>
    /// <exception cref="ArgumentException">Weight, bias or epilogue are not the layer's.</exception>
    public static PackedGeneric Pack(ConvolutionSpec spec, MachineCode code, QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue = null) =>
        new(new GenericConvolution(spec, weight, bias, input, output, epilogue), code, epilogue?.Second);

    /// <summary>Runs the kernel of a layer that adds a second input.</summary>
    /// <param name="input">Codes in order n, h, w, c.</param>
    /// <param name="second">Codes of the output's shape.</param>
    /// <param name="batch">Images.</param>
    /// <param name="height">Rows of an input image.</param>
    /// <param name="width">Columns of an input image.</param>
    /// <param name="output">Receives the codes.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape, the output overlaps another, or the shape does not fit the layer.</exception>
    public void Run(ReadOnlySpan<byte> input, ReadOnlySpan<byte> second, int batch, int height, int width, Span<byte> output) =>
        Kernel.RunWith(input, second, batch, height, width, output);
}
