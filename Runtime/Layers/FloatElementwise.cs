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
        Vector<float> Of(Vector<float> x);
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
            Span<float> rest = stackalloc float[Vector<float>.Count];
            rest.Clear();
            input[i..].CopyTo(rest);
            function.Of(new Vector<float>(rest)).CopyTo(rest);
            rest[..(input.Length - i)].CopyTo(output[i..]);
        }
    }
}
