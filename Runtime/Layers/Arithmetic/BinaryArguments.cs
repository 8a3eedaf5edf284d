using System;

namespace Kernels.Layers;

/// <summary>Shapes of layers with two inputs.</summary>
internal static class BinaryArguments
{
    /// <summary>Throws unless the shapes fit each other and the spans; tells whether the second input is to be spread over pixels.</summary>
    public static bool Check(Shape4 first, int firstLength, Shape4 second, int secondLength, int outputLength)
    {
        RunArguments.CheckLength(first.Checked(nameof(first)), firstLength, nameof(first));
        RunArguments.CheckLength(second.Checked(nameof(second)), secondLength, nameof(second));
        RunArguments.CheckLength(first, outputLength, "output");
        if (first == second)
        {
            return false;
        }

        return second == first with { H = 1, W = 1 }
            ? true
            : throw new ArgumentException($"The second input must have the first one's shape {first}, or that with height and width 1, but is {second}.", nameof(second));
    }

    /// <summary>Repeats one pixel along a row.</summary>
    public static void Spread<T>(ReadOnlySpan<T> pixel, Span<T> row)
    {
        pixel.CopyTo(row);
        for (int done = pixel.Length; done < row.Length; done *= 2)
        {
            row[..Math.Min(done, row.Length - done)].CopyTo(row[done..]);
        }
    }
}
