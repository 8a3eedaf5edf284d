using System;

namespace Kernels.Layers;

/// <summary>The checks that every layer makes before it runs over spans.</summary>
internal static class RunArguments
{
    /// <summary>Throws unless the spans hold their shapes and do not overlap.</summary>
    /// <param name="inputShape">Shape of the input.</param>
    /// <param name="input">The input.</param>
    /// <param name="outputShape">Shape of the output.</param>
    /// <param name="output">The output.</param>
    /// <exception cref="ArgumentException">A span is too short, or the spans overlap.</exception>
    public static void Check<T>(Shape4 inputShape, ReadOnlySpan<T> input, Shape4 outputShape, ReadOnlySpan<T> output)
    {
        CheckLength(inputShape, input.Length, nameof(input));
        CheckLength(outputShape, output.Length, nameof(output));
        if (input[..inputShape.Count].Overlaps(output[..outputShape.Count]))
        {
            throw new ArgumentException("The output must not overlap the input: give it memory of its own.", nameof(output));
        }
    }

    /// <summary>Throws unless a second input has the output's shape and does not overlap the output.</summary>
    /// <param name="outputShape">Shape of the output.</param>
    /// <param name="second">The second input.</param>
    /// <param name="output">The output, which holds its shape.</param>
    /// <exception cref="ArgumentException">The span is too short, or the spans overlap.</exception>
    public static void CheckSecond(Shape4 outputShape, ReadOnlySpan<byte> second, ReadOnlySpan<byte> output)
    {
        CheckLength(outputShape, second.Length, nameof(second));
        if (second[..outputShape.Count].Overlaps(output[..outputShape.Count]))
        {
            throw new ArgumentException("The output must not overlap the second input: give it memory of its own.", nameof(output));
        }
    }

    /// <summary>The shape of a span whose number of channels follows from its length.</summary>
    /// <exception cref="ArgumentException">A number is below 1, or the length is not a multiple of the pixels.</exception>
    public static Shape4 ShapeOf(int length, int batch, int height, int width)
    {
        int pixels = new Shape4(batch, 1, height, width).Checked("input").Count;
        if (length == 0 || length % pixels != 0)
        {
            throw new ArgumentException($"The input has {batch} images of {height}x{width} pixels, so its length must be a multiple of {pixels}, but the span has {length} elements.", "input");
        }

        return new Shape4(batch, length / pixels, height, width);
    }

    /// <summary>Throws unless a span of the given length holds a shape.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="length">Elements of the span.</param>
    /// <param name="name">The parameter that the message names.</param>
    /// <exception cref="ArgumentException">The span is too short.</exception>
    public static void CheckLength(Shape4 shape, int length, string name)
    {
        if (length < shape.Count)
        {
            throw new ArgumentException($"The {name} has the shape {shape}, which is {shape.Count} elements, but the span has {length}.", name);
        }
    }
}
