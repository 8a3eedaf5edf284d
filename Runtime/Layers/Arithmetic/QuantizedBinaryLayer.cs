using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>Base of the int8 layers that join two inputs element by element.</summary>
public abstract class QuantizedBinaryLayer : BinaryElementwise<byte>
{
    private protected QuantizedBinaryLayer(QuantizationParameters first, QuantizationParameters second, QuantizationParameters output)
    {
        Quantizer.Check(first, QuantizedDtype.Quint8);
        Quantizer.Check(second, QuantizedDtype.Quint8);
        Quantizer.Check(output, QuantizedDtype.Quint8);
        FirstQuantization = first;
        SecondQuantization = second;
        OutputQuantization = output;
    }

    /// <summary>Scale and zero point that the first input must have.</summary>
    public QuantizationParameters FirstQuantization { get; }

    /// <summary>Scale and zero point that the second input must have.</summary>
    public QuantizationParameters SecondQuantization { get; }

    /// <summary>Scale and zero point of the output.</summary>
    public QuantizationParameters OutputQuantization { get; }

    /// <summary>Runs the layer over tensors.</summary>
    /// <param name="first">The first input.</param>
    /// <param name="second">The second input, of the same shape, or with height and width 1.</param>
    /// <returns>A new tensor of the first input's shape.</returns>
    /// <exception cref="ArgumentException">Shapes or quantization do not fit.</exception>
    public QuantizedTensor Forward(QuantizedTensor first, QuantizedTensor second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Quantization != FirstQuantization || second.Quantization != SecondQuantization)
        {
            throw new ArgumentException(
                $"The layer was made for inputs quantized as {FirstQuantization} and {SecondQuantization}, but got {first.Quantization} and {second.Quantization}. Requantize them first.",
                nameof(first));
        }

        var output = new QuantizedTensor(first.Shape, OutputQuantization);
        Run(first.Data, first.Shape, second.Data, second.Shape, output.Data);
        return output;
    }
}
