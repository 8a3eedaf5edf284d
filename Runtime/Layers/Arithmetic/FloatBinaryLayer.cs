using System;
using System.Buffers;
using System.Numerics;

namespace Kernels.Layers;

/// <summary>Base of the float layers that join two inputs element by element.</summary>
public abstract class FloatBinaryLayer : BinaryElementwise<float>, IFloatBinaryLayer
{
    private readonly bool _relu;

    private protected FloatBinaryLayer(bool relu) => _relu = relu;

    /// <summary>The function, for a whole vector.</summary>
    private protected interface IFunction
    {
        /// <summary>The function's results.</summary>
        Vector<float> Of(Vector<float> first, Vector<float> second);

        /// <summary>The gradients by both inputs from the one by the results.</summary>
        (Vector<float> First, Vector<float> Second) Gradients(Vector<float> first, Vector<float> second, Vector<float> gradient);
    }

    /// <summary>Runs the layer over tensors.</summary>
    /// <param name="first">The first input.</param>
    /// <param name="second">The second input, of the same shape, or either of size 1 along an axis.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public FloatTensor Forward(FloatTensor first, FloatTensor second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var output = new FloatTensor(OutputShape(first.Shape, second.Shape));
        Run(first.Data, first.Shape, second.Data, second.Shape, output.Data);
        return output;
    }

    /// <summary>Computes the gradients by both inputs; one that was spread gets the sum over where it went.</summary>
    void IFloatBinaryLayer.Backward(FloatTensor first, FloatTensor second, FloatTensor output, FloatTensor outputGradient, FloatTensor firstGradient, FloatTensor secondGradient)
    {
        if (first.Shape == second.Shape)
        {
            ComputeGradients(first.Data, second.Data, output.Data, outputGradient.Data, firstGradient.Data, secondGradient.Data);
            return;
        }

        Shape4 to = output.Shape;
        int length = to.W * to.C;
        float[] rented = ArrayPool<float>.Shared.Rent(4 * length);
        var x = new Rows(first.Data, first.Shape, to, rented.AsSpan(0, length));
        var y = new Rows(second.Data, second.Shape, to, rented.AsSpan(length, length));
        Span<float> byFirst = rented.AsSpan(2 * length, length);
        Span<float> bySecond = rented.AsSpan(3 * length, length);
        firstGradient.Data.Clear();
        secondGradient.Data.Clear();
        for (int i = 0; i < to.N * to.H; i++)
        {
            var row = new Range(i * length, (i + 1) * length);
            ComputeGradients(x.Row(i), y.Row(i), output.Data[row], outputGradient.Data[row], byFirst, bySecond);
            Gather(byFirst, firstGradient, i);
            Gather(bySecond, secondGradient, i);
        }

        ArrayPool<float>.Shared.Return(rented);

        void Gather(Span<float> gradient, FloatTensor sums, int index)
        {
            Shape4 from = sums.Shape;
            Span<float> row = sums.Data.Slice(Broadcasting.Row(from, to, index) * from.W * from.C, from.W * from.C);
            if (Broadcasting.HasRows(from, to))
            {
                Accumulation.Add(gradient, row);
            }
            else
            {
                Broadcasting.Gather(gradient, to, row, from);
            }
        }
    }

    /// <summary>Computes gradients; spans have the same length.</summary>
    private protected abstract void ComputeGradients(
        ReadOnlySpan<float> first, ReadOnlySpan<float> second, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> firstGradient, Span<float> secondGradient);

    /// <summary>Applies a function. The rest of the spans goes through padded vectors, so an element's position never matters.</summary>
    private protected void Map<TFunction>(TFunction function, ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> output)
        where TFunction : struct, IFunction
    {
        var lower = new Vector<float>(_relu ? 0f : float.NegativeInfinity);
        int i = 0;
        for (; i <= output.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Max(function.Of(new Vector<float>(first[i..]), new Vector<float>(second[i..])), lower).CopyTo(output[i..]);
        }

        if (i < output.Length)
        {
            PaddedLanes.Store(Vector.Max(function.Of(PaddedLanes.Load(first[i..]), PaddedLanes.Load(second[i..])), lower), output[i..]);
        }
    }

    /// <summary>Applies a function's gradients.</summary>
    private protected void MapGradients<TFunction>(
        TFunction function, ReadOnlySpan<float> first, ReadOnlySpan<float> second, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> firstGradient, Span<float> secondGradient)
        where TFunction : struct, IFunction
    {
        for (int i = 0; i < output.Length; i += Vector<float>.Count)
        {
            Vector<float> gradient = PaddedLanes.Load(outputGradient[i..]);
            if (_relu)
            {
                gradient = Vector.ConditionalSelect(Vector.GreaterThan(PaddedLanes.Load(output[i..]), Vector<float>.Zero), gradient, Vector<float>.Zero);
            }

            (Vector<float> byFirst, Vector<float> bySecond) = function.Gradients(PaddedLanes.Load(first[i..]), PaddedLanes.Load(second[i..]), gradient);
            PaddedLanes.Store(byFirst, firstGradient[i..]);
            PaddedLanes.Store(bySecond, secondGradient[i..]);
        }
    }
}
