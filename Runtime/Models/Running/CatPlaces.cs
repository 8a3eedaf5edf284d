using System;
using System.Runtime.CompilerServices;
using Kernels.Layers;

namespace Kernels.Models.Running;

/// <summary>Inputs of a concatenation that lie in the output in one piece: what makes them can write there.</summary>
internal static class CatPlaces
{
    /// <summary>The byte of the output where each input starts; -1 for one that lies in pieces, or is changed on its way.</summary>
    /// <param name="axis">The axis, in NCHW order.</param>
    /// <param name="inputs">Shapes of the inputs.</param>
    /// <param name="output">Shape of the output.</param>
    /// <param name="elementSize">Bytes an element of an input that is copied as it is; 0 for one that is changed.</param>
    public static long[] Of(int axis, ReadOnlySpan<Shape4> inputs, Shape4 output, Func<int, int> elementSize)
    {
        var places = new long[inputs.Length];
        int offset = 0;
        for (int i = 0; i < places.Length; i++)
        {
            var place = Concatenation.Of(axis, inputs[i], output, offset);
            places[i] = place.Outer == 1 && elementSize(i) > 0 ? (long)place.Start * elementSize(i) : -1;
            offset += Concatenation.Size(inputs[i], axis);
        }

        return places;
    }

    /// <summary>Whether an input lies at its place already.</summary>
    public static bool IsThere<T>(ReadOnlySpan<T> input, int axis, Shape4 inputShape, ReadOnlySpan<T> output, Shape4 outputShape, int offset)
    {
        var place = Concatenation.Of(axis, inputShape, outputShape, offset);
        return place.Outer == 1 && Unsafe.AreSame(in input[0], in output[place.Start]);
    }
}
