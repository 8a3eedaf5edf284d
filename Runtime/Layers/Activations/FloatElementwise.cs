using System;
using System.Numerics;

namespace Kernels.Layers;

/// <summary>Base of the float layers that apply one function to every element.</summary>
public abstract class FloatElementwise : FloatLayer
{
    private protected FloatElementwise()
    {
    }

    /// <summary>The function, for a whole vector.</summary>
    private protected interface IFunction
    {
        /// <summary>The function's results.</summary>
        Vector<float> Of(Vector<float> x);

        /// <summary>The derivative at <paramref name="x"/>, where the result was <paramref name="y"/>; at a bend, the one that PyTorch takes.</summary>
        Vector<float> Derivative(Vector<float> x, Vector<float> y);
    }

    /// <summary>Applies a function. The rest of the span goes through a padded vector, so an element's position never matters.</summary>
    private protected static void Map<TFunction>(TFunction function, ReadOnlySpan<float> input, Span<float> output)
        where TFunction : struct, IFunction
    {
        int i = 0;
        for (; i <= input.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            function.Of(new Vector<float>(input[i..])).CopyTo(output[i..]);
        }

        if (i < input.Length)
        {
            PaddedLanes.Store(function.Of(PaddedLanes.Load(input[i..])), output[i..]);
        }
    }

    /// <summary>Multiplies the gradient by the function's derivative.</summary>
    private protected static void MapGradient<TFunction>(
        TFunction function, ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
        where TFunction : struct, IFunction
    {
        int i = 0;
        for (; i <= input.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> derivative = function.Derivative(new Vector<float>(input[i..]), new Vector<float>(output[i..]));
            (derivative * new Vector<float>(outputGradient[i..])).CopyTo(inputGradient[i..]);
        }

        if (i < input.Length)
        {
            Vector<float> derivative = function.Derivative(PaddedLanes.Load(input[i..]), PaddedLanes.Load(output[i..]));
            PaddedLanes.Store(derivative * PaddedLanes.Load(outputGradient[i..]), inputGradient[i..]);
        }
    }

    /// <summary>1 where a condition holds, and another value elsewhere.</summary>
    private protected static Vector<float> OneWhere(Vector<int> condition, Vector<float> otherwise) => Vector.ConditionalSelect(condition, Vector<float>.One, otherwise);
}
