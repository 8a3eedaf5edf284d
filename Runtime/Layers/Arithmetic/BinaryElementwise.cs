using System;
using System.Buffers;

namespace Kernels.Layers;

/// <summary>
/// Base of the layers that join two inputs element by element. Along an axis where one of them has size 1 it is spread over the other, as
/// PyTorch broadcasts: channel weights with height and width 1, or one plane for all channels.
/// </summary>
/// <typeparam name="T">An element: a float32 value, or a quint8 code.</typeparam>
public abstract class BinaryElementwise<T> : IBinaryLayer<T>
    where T : unmanaged
{
    private protected BinaryElementwise()
    {
    }

    /// <summary>Shape of the output.</summary>
    /// <param name="first">Shape of the first input.</param>
    /// <param name="second">Shape of the second input.</param>
    /// <returns>The larger size along every axis.</returns>
    /// <exception cref="ArgumentException">Along an axis the sizes differ and none is 1.</exception>
    public Shape4 OutputShape(Shape4 first, Shape4 second) => Broadcasting.OutputShape(first, second);

    /// <summary>Runs the layer over spans.</summary>
    /// <param name="first">Elements in order n, h, w, c.</param>
    /// <param name="firstShape">Shape of the first input.</param>
    /// <param name="second">Elements in order n, h, w, c.</param>
    /// <param name="secondShape">The same shape, or either may be 1 along an axis.</param>
    /// <param name="output">Receives the elements. May be the same memory as an input of the output's shape.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape, the shapes do not fit, or the output overlaps an input in part.</exception>
    public void Run(ReadOnlySpan<T> first, Shape4 firstShape, ReadOnlySpan<T> second, Shape4 secondShape, Span<T> output)
    {
        Shape4 to = Broadcasting.Check(firstShape, first.Length, secondShape, second.Length, output.Length);
        first = first[..firstShape.Count];
        second = second[..secondShape.Count];
        output = output[..to.Count];
        CheckOverlap(first, output, mayBeSame: firstShape == to, nameof(first));
        CheckOverlap(second, output, mayBeSame: secondShape == to, nameof(second));
        Compute(first, firstShape, second, secondShape, output, to);
    }

    /// <summary>Computes the output; spans have the lengths of their shapes, which fit each other.</summary>
    private protected virtual void Compute(ReadOnlySpan<T> first, Shape4 firstShape, ReadOnlySpan<T> second, Shape4 secondShape, Span<T> output, Shape4 to)
    {
        if (firstShape == secondShape)
        {
            Compute(first, second, output);
            return;
        }

        int row = to.W * to.C;
        T[] rented = ArrayPool<T>.Shared.Rent(2 * row);
        var x = new Rows(first, firstShape, to, rented.AsSpan(0, row));
        var y = new Rows(second, secondShape, to, rented.AsSpan(row, row));
        for (int i = 0; i < to.N * to.H; i++)
        {
            Compute(x.Row(i), y.Row(i), output.Slice(i * row, row));
        }

        ArrayPool<T>.Shared.Return(rented);
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

    /// <summary>The rows of an input as the output has them.</summary>
    private protected ref struct Rows(ReadOnlySpan<T> input, Shape4 from, Shape4 to, Span<T> spread)
    {
        private readonly ReadOnlySpan<T> _input = input;
        private readonly Span<T> _spread = spread;
        private int _held = -1;

        public ReadOnlySpan<T> Row(int index)
        {
            int row = Broadcasting.Row(from, to, index);
            ReadOnlySpan<T> source = _input.Slice(row * from.W * from.C, from.W * from.C);
            if (Broadcasting.HasRows(from, to))
            {
                return source;
            }

            if (row != _held)
            {
                Broadcasting.Spread(source, from, _spread, to);
                _held = row;
            }

            return _spread;
        }
    }
}
