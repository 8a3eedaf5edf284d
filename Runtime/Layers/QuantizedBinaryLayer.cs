using System;
using System.Buffers;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// Base of the int8 layers that join two inputs element by element. The second input may have height and width 1: it is then
/// spread over the pixels of the first, as channel weights are.
/// </summary>
public abstract class QuantizedBinaryLayer
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

    /// <summary>Runs the layer over spans.</summary>
    /// <param name="first">Codes in order n, h, w, c.</param>
    /// <param name="firstShape">Shape of the first input and of the output.</param>
    /// <param name="second">Codes in order n, h, w, c.</param>
    /// <param name="secondShape">The same shape, or the same with height and width 1.</param>
    /// <param name="output">Receives the codes. May be the same memory as the first input.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape, or the shapes do not fit.</exception>
    public void Run(ReadOnlySpan<byte> first, Shape4 firstShape, ReadOnlySpan<byte> second, Shape4 secondShape, Span<byte> output)
    {
        bool isSpread = BinaryArguments.Check(firstShape, first.Length, secondShape, second.Length, output.Length);
        int count = firstShape.Count;
        if (!isSpread)
        {
            Compute(first[..count], second[..count], output[..count]);
            return;
        }

        int row = firstShape.W * firstShape.C;
        byte[] spread = ArrayPool<byte>.Shared.Rent(row);
        for (int i = 0; i < firstShape.N * firstShape.H; i++)
        {
            if (i % firstShape.H == 0)
            {
                BinaryArguments.Spread(second.Slice(i / firstShape.H * firstShape.C, firstShape.C), spread.AsSpan(0, row));
            }

            Compute(first.Slice(i * row, row), spread.AsSpan(0, row), output.Slice(i * row, row));
        }

        ArrayPool<byte>.Shared.Return(spread);
    }

    /// <summary>Computes elements; spans have the same length.</summary>
    private protected abstract void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> output);
}
