using System;
using System.Buffers;
using System.Numerics;

namespace Kernels.Layers;

/// <summary>Softmax along an axis: PyTorch's <c>nn.Softmax(dim)</c>, <c>exp(x - max) / sum(exp(x - max))</c>.</summary>
/// <param name="axis">0 batch, 1 channels, 2 rows, 3 columns; negative counts from the end.</param>
public sealed class FloatSoftmax(int axis) : FloatLayer
{
    /// <summary>The axis, in NCHW order.</summary>
    public int Axis { get; } = Concatenation.Axis(axis);

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to)
    {
        (int count, int inner) = Along(from);
        if (inner == 1)
        {
            for (int start = 0; start < input.Length; start += count)
            {
                OfRun(input.Slice(start, count), output.Slice(start, count));
            }

            return;
        }

        float[] rented = ArrayPool<float>.Shared.Rent(2 * inner);
        for (int start = 0; start < input.Length; start += count * inner)
        {
            OfRows(input.Slice(start, count * inner), inner, output.Slice(start, count * inner), rented.AsSpan(0, inner), rented.AsSpan(inner, inner));
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        (int count, int inner) = Along(from);
        for (int i = 0; i < input.Length / count; i++)
        {
            int start = i / inner * count * inner + i % inner;
            double product = 0;
            for (int k = 0; k < count; k++)
            {
                product += (double)output[start + k * inner] * outputGradient[start + k * inner];
            }

            for (int k = 0; k < count; k++)
            {
                int at = start + k * inner;
                inputGradient[at] = (float)(output[at] * (outputGradient[at] - product));
            }
        }
    }

    /// <summary>Elements of a sum, and how far they lie apart.</summary>
    private (int Count, int Inner) Along(Shape4 shape) => Axis switch
    {
        0 => (shape.N, shape.H * shape.W * shape.C),
        1 => (shape.C, 1),
        2 => (shape.H, shape.W * shape.C),
        _ => (shape.W, shape.C),
    };

    private static void OfRun(ReadOnlySpan<float> input, Span<float> output)
    {
        float largest = float.NegativeInfinity;
        foreach (float value in input)
        {
            largest = MathF.Max(largest, value);
        }

        double sum = 0;
        for (int i = 0; i < input.Length; i += Vector<float>.Count)
        {
            PaddedLanes.Store(Vector.Exp(PaddedLanes.Load(input[i..]) - new Vector<float>(largest)), output[i..]);
        }

        foreach (float value in output)
        {
            sum += value;
        }

        float share = (float)(1 / sum);
        foreach (ref float value in output)
        {
            value *= share;
        }
    }

    /// <summary>As many sums as a row is long, a vector of them at a time.</summary>
    private static void OfRows(ReadOnlySpan<float> input, int length, Span<float> output, Span<float> largest, Span<float> sums)
    {
        input[..length].CopyTo(largest);
        sums.Clear();
        for (int start = length; start < input.Length; start += length)
        {
            for (int i = 0; i < length; i += Vector<float>.Count)
            {
                PaddedLanes.Store(Vector.Max(PaddedLanes.Load(largest[i..]), PaddedLanes.Load(input[(start + i)..])), largest[i..]);
            }
        }

        for (int start = 0; start < input.Length; start += length)
        {
            Span<float> row = output.Slice(start, length);
            for (int i = 0; i < length; i += Vector<float>.Count)
            {
                PaddedLanes.Store(Vector.Exp(PaddedLanes.Load(input[(start + i)..]) - PaddedLanes.Load(largest[i..])), row[i..]);
            }

            Accumulation.Add(row, sums);
        }

        for (int start = 0; start < input.Length; start += length)
        {
            Span<float> row = output.Slice(start, length);
            for (int i = 0; i < length; i += Vector<float>.Count)
            {
                PaddedLanes.Store(PaddedLanes.Load(row[i..]) / PaddedLanes.Load(sums[i..]), row[i..]);
            }
        }
    }
}
