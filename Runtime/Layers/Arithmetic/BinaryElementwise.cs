using System;
using System.Buffers;

namespace Kernels.Layers;

/// <summary>
/// Base of the layers that join two inputs element by element. The second input may have height and width 1: it is then spread
/// over the pixels of the first, as channel weights are.
/// </summary>
/// <typeparam name="T">An element: a float32 value, or a quint8 code.</typeparam>
public abstract class BinaryElementwise<T>
    where T : unmanaged
{
    private protected BinaryElementwise()
    {
    }

    /// <summary>Runs the layer over spans.</summary>
    /// <param name="first">Elements in order n, h, w, c.</param>
    /// <param name="firstShape">Shape of the first input and of the output.</param>
    /// <param name="second">Elements in order n, h, w, c.</param>
    /// <param name="secondShape">The same shape, or the same with height and width 1.</param>
    /// <param name="output">Receives the elements. May be the same memory as the first input, or as a second one of the same shape.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape, the shapes do not fit, or the output overlaps an input in part.</exception>
    public void Run(ReadOnlySpan<T> first, Shape4 firstShape, ReadOnlySpan<T> second, Shape4 secondShape, Span<T> output)
    {
        bool isSpread = BinaryArguments.Check(firstShape, first.Length, secondShape, second.Length, output.Length);
        int count = firstShape.Count;
        CheckOverlap(first[..count], output[..count], mayBeSame: true, nameof(first));
        CheckOverlap(second[..secondShape.Count], output[..count], mayBeSame: !isSpread, nameof(second));
        if (!isSpread)
        {
            Compute(first[..count], second[..count], output[..count]);
            return;
        }

        int row = firstShape.W * firstShape.C;
        T[] spread = ArrayPool<T>.Shared.Rent(row);
        for (int i = 0; i < firstShape.N * firstShape.H; i++)
        {
            if (i % firstShape.H == 0)
            {
                BinaryArguments.Spread(second.Slice(i / firstShape.H * firstShape.C, firstShape.C), spread.AsSpan(0, row));
            }

            Compute(first.Slice(i * row, row), spread.AsSpan(0, row), output.Slice(i * row, row));
        }

        ArrayPool<T>.Shared.Return(spread);
    }

    private static void CheckOverlap(ReadOnlySpan<T> input, ReadOnlySpan<T> output, bool mayBeSame, string name)
    {
        if (input.Overlaps(output, out int offset) && !(mayBeSame && offset == 0))
        {
            throw new ArgumentException($"The output must be the {name} input's memory, or not overlap it.", nameof(output));
        }
    }

    /// <summary>Computes elements; spans have the same length.</summary>
    private protected abstract void Compute(ReadOnlySpan<T> first, ReadOnlySpan<T> second, Span<T> output);
}
