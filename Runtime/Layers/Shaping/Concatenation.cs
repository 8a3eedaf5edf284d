using System;

namespace Kernels.Layers;

/// <summary>Where an input of a concatenation lies in the channels-last memory of the output.</summary>
internal readonly record struct Concatenation
{
    private Concatenation(int outer, int inner, int inputAxis, int outputAxis, int offset)
    {
        Outer = outer;
        Run = inputAxis * inner;
        Stride = outputAxis * inner;
        Start = offset * inner;
    }

    /// <summary>Contiguous runs of the input.</summary>
    public int Outer { get; }

    /// <summary>Elements of a run.</summary>
    public int Run { get; }

    /// <summary>Elements between the runs in the output.</summary>
    public int Stride { get; }

    /// <summary>The first run's place in the output.</summary>
    public int Start { get; }

    /// <summary>Finds the runs of one input.</summary>
    /// <param name="axis">Axis of concatenation in NCHW order.</param>
    /// <param name="input">Shape of the input.</param>
    /// <param name="output">Shape of the output.</param>
    /// <param name="offset">Elements of the inputs before it along the axis.</param>
    public static Concatenation Of(int axis, Shape4 input, Shape4 output, int offset)
    {
        if (offset < 0 || offset > Size(output, axis) - Size(input, axis) || With(input, axis, 1) != With(output, axis, 1))
        {
            throw new ArgumentException($"An input {input} at {offset} along axis {axis} does not lie inside the output {output}.", nameof(input));
        }

        return axis switch
        {
            0 => new Concatenation(1, input.C * input.H * input.W, input.N, output.N, offset),
            1 => new Concatenation(input.N * input.H * input.W, 1, input.C, output.C, offset),
            2 => new Concatenation(input.N, input.C * input.W, input.H, output.H, offset),
            _ => new Concatenation(input.N * input.H, input.C, input.W, output.W, offset),
        };
    }

    /// <summary>The axis counted from the front: 0 to 3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis is not -4 to 3.</exception>
    public static int Axis(int axis) => axis is >= -4 and <= 3
        ? axis & 3
        : throw new ArgumentOutOfRangeException(nameof(axis), axis, "A tensor has the axes 0 (batch), 1 (channels), 2 (rows) and 3 (columns), or -4 to -1 from the end.");

    /// <summary>Shape of the whole.</summary>
    /// <exception cref="ArgumentException">No input, or the inputs differ in another axis.</exception>
    public static Shape4 OutputShape(int axis, ReadOnlySpan<Shape4> inputs)
    {
        if (inputs.IsEmpty)
        {
            throw new ArgumentException("There is nothing to concatenate: give at least one input.", nameof(inputs));
        }

        int size = 0;
        foreach (Shape4 input in inputs)
        {
            input.Checked(nameof(inputs));
            if (With(input, axis, 1) != With(inputs[0], axis, 1))
            {
                throw new ArgumentException($"Inputs may differ along axis {axis} only, but are {inputs[0]} and {input}.", nameof(inputs));
            }

            size = checked(size + Size(input, axis));
        }

        return With(inputs[0], axis, size).Checked(nameof(inputs));
    }

    /// <summary>Size along an axis.</summary>
    public static int Size(Shape4 shape, int axis) => axis switch { 0 => shape.N, 1 => shape.C, 2 => shape.H, _ => shape.W };

    /// <summary>The shape with another size along an axis.</summary>
    public static Shape4 With(Shape4 shape, int axis, int size) => axis switch
    {
        0 => shape with { N = size },
        1 => shape with { C = size },
        2 => shape with { H = size },
        _ => shape with { W = size },
    };
}
