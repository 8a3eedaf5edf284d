using System;
using System.Buffers;

namespace Kernels.Layers;

/// <summary>
/// Base of the float layers that join two inputs element by element. The second input may have height and width 1: it is then
/// spread over the pixels of the first, as channel weights are.
/// </summary>
public abstract class FloatBinaryLayer
{
    private protected FloatBinaryLayer()
    {
    }

    /// <summary>Runs the layer over tensors.</summary>
    /// <param name="first">The first input.</param>
    /// <param name="second">The second input, of the same shape, or with height and width 1.</param>
    /// <returns>A new tensor of the first input's shape.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public FloatTensor Forward(FloatTensor first, FloatTensor second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var output = new FloatTensor(first.Shape);
        Run(first.Data, first.Shape, second.Data, second.Shape, output.Data);
        return output;
    }

    /// <summary>Runs the layer over spans.</summary>
    /// <param name="first">Values in order n, h, w, c.</param>
    /// <param name="firstShape">Shape of the first input and of the output.</param>
    /// <param name="second">Values in order n, h, w, c.</param>
    /// <param name="secondShape">The same shape, or the same with height and width 1.</param>
    /// <param name="output">Receives the values. May be the same memory as the first input.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape, or the shapes do not fit.</exception>
    public void Run(ReadOnlySpan<float> first, Shape4 firstShape, ReadOnlySpan<float> second, Shape4 secondShape, Span<float> output)
    {
        bool isSpread = BinaryArguments.Check(firstShape, first.Length, secondShape, second.Length, output.Length);
        int count = firstShape.Count;
        if (!isSpread)
        {
            Compute(first[..count], second[..count], output[..count]);
            return;
        }

        int row = firstShape.W * firstShape.C;
        float[] spread = ArrayPool<float>.Shared.Rent(row);
        for (int i = 0; i < firstShape.N * firstShape.H; i++)
        {
            if (i % firstShape.H == 0)
            {
                BinaryArguments.Spread(second.Slice(i / firstShape.H * firstShape.C, firstShape.C), spread.AsSpan(0, row));
            }

            Compute(first.Slice(i * row, row), spread.AsSpan(0, row), output.Slice(i * row, row));
        }

        ArrayPool<float>.Shared.Return(spread);
    }

    /// <summary>Computes elements; spans have the same length.</summary>
    private protected abstract void Compute(ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> output);
}
