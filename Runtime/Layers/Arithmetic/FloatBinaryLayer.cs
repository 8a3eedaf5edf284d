using System;
using System.Buffers;
using System.Numerics;

namespace Kernels.Layers;

/// <summary>Base of the float layers that join two inputs element by element.</summary>
public abstract class FloatBinaryLayer : BinaryElementwise<float>
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

    /// <summary>Computes the gradients by both inputs; a second input that was spread gets the sum over the pixels.</summary>
    internal void Backward(FloatTensor first, FloatTensor second, FloatTensor output, FloatTensor outputGradient, FloatTensor firstGradient, FloatTensor secondGradient)
    {
        if (first.Shape == second.Shape)
        {
            ComputeGradients(first.Data, second.Data, output.Data, outputGradient.Data, firstGradient.Data, secondGradient.Data);
            return;
        }

        Shape4 shape = first.Shape;
        int length = shape.W * shape.C;
        float[] rented = ArrayPool<float>.Shared.Rent(2 * length);
        Span<float> spread = rented.AsSpan(0, length);
        Span<float> spreadGradient = rented.AsSpan(length, length);
        secondGradient.Data.Clear();
        for (int i = 0; i < shape.N * shape.H; i++)
        {
            int pixel = i / shape.H * shape.C;
            var row = new Range(i * length, (i + 1) * length);
            BinaryArguments.Spread(second.Data.Slice(pixel, shape.C), spread);
            ComputeGradients(first.Data[row], spread, output.Data[row], outputGradient.Data[row], firstGradient.Data[row], spreadGradient);

            // Each row by itself, so that float32 loses little in large images.
            for (int x = 1; x < shape.W; x++)
            {
                Accumulation.Add(spreadGradient.Slice(x * shape.C, shape.C), spreadGradient[..shape.C]);
            }

            Accumulation.Add(spreadGradient[..shape.C], secondGradient.Data.Slice(pixel, shape.C));
        }

        ArrayPool<float>.Shared.Return(rented);
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
