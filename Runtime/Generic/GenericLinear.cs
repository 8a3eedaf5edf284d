using System;
using Kernels.Execution;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Generic;

/// <summary>
/// The int8 Linear for any size: <c>torch.ao.nn.quantized.Linear</c>. Features are channels; every pixel of every image is a row of
/// its own, so <c>[n, features, 1, 1]</c> is PyTorch's <c>[n, features]</c>.
/// </summary>
public sealed class GenericLinear : IAddsSecond
{
    private const int Portion = 256;

    private readonly GenericConvolution _convolution;

    /// <summary>Packs weights.</summary>
    /// <param name="weight">Int8 weights of shape <c>[out, in, 1, 1]</c>.</param>
    /// <param name="bias">Float32 bias, one an output feature; empty for none.</param>
    /// <param name="input">Scale and zero point of the input, quint8.</param>
    /// <param name="output">Scale and zero point of the output, quint8.</param>
    /// <param name="activation">The fused activation.</param>
    /// <exception cref="ArgumentException">Weight, bias or quantization do not fit, or sums could overflow int32.</exception>
    public GenericLinear(QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output, Activation activation = Activation.None)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ConvolutionSpec spec = ConvolutionSpecs.Linear(weight.Shape.C, weight.Shape.N, !bias.IsEmpty, activation);
        _convolution = new GenericConvolution(spec, weight, bias, input, output);
    }

    private GenericLinear(GenericConvolution convolution) => _convolution = convolution;

    /// <inheritdoc/>
    public QuantizationParameters InputQuantization => _convolution.InputQuantization;

    /// <inheritdoc/>
    public QuantizationParameters OutputQuantization => _convolution.OutputQuantization;

    /// <inheritdoc/>
    public Shape4 OutputShape(Shape4 input) => _convolution.OutputShape(input);

    /// <summary>Runs the layer over a tensor.</summary>
    /// <param name="input">The input, quantized as <see cref="InputQuantization"/>.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">Shape or quantization of the input is not the layer's.</exception>
    public QuantizedTensor Forward(QuantizedTensor input) => LayerForward.Run(this, input);

    /// <summary>Makes a layer with a fused epilogue: an <see cref="IResidualLayer"/> where that adds a second input.</summary>
    /// <param name="weight">Int8 weights of shape <c>[out, in, 1, 1]</c>.</param>
    /// <param name="bias">Float32 bias, one an output feature; empty for none.</param>
    /// <param name="input">Scale and zero point of the input, quint8.</param>
    /// <param name="output">Scale and zero point of the output, quint8.</param>
    /// <param name="epilogue">The functions behind the layer.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">Weight, bias, quantization or epilogue do not fit, or sums could overflow int32.</exception>
    public static IQuantizedLayer Create(QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output, EpilogueParameters epilogue)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(epilogue);
        ConvolutionSpec spec = ConvolutionSpecs.Linear(weight.Shape.C, weight.Shape.N, !bias.IsEmpty) with { Epilogue = epilogue.Spec };
        return GenericResidual.Of(new GenericLinear(new GenericConvolution(spec, weight, bias, input, output, epilogue)), epilogue);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The layer's epilogue adds a second input.</exception>
    public void Run(ReadOnlySpan<byte> input, int batch, int height, int width, Span<byte> output)
    {
        LayerGuard.CheckNoSecond(_convolution.Spec);
        RunWith(input, [], batch, height, width, output);
    }

    void IAddsSecond.Run(ReadOnlySpan<byte> input, ReadOnlySpan<byte> second, int batch, int height, int width, Span<byte> output) =>
        RunWith(input, second, batch, height, width, output);

    private void RunWith(ReadOnlySpan<byte> input, ReadOnlySpan<byte> second, int batch, int height, int width, Span<byte> output)
    {
        var from = new Shape4(batch, _convolution.Spec.InChannels, height, width);
        Shape4 to = OutputShape(from);
        RunArguments.Check(from, input, to, output);
        bool hasSecond = _convolution.Spec.Epilogue.HasAdd;
        if (hasSecond)
        {
            RunArguments.CheckSecond(to, second, output);
        }

        // Rows side by side, so that they share the register tile and each weight is loaded once for several of them; in portions,
        // so that the scratch memory does not grow with the batch.
        int rows = from.Count / from.C;
        for (int first = 0; first < rows; first += Portion)
        {
            int count = Math.Min(Portion, rows - first);
            ReadOnlySpan<byte> added = hasSecond ? second.Slice(first * to.C, count * to.C) : [];
            _convolution.RunWith(input.Slice(first * from.C, count * from.C), added, 1, 1, count, output.Slice(first * to.C, count * to.C));
        }
    }
}
