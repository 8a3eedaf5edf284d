using System;

namespace Kernels.Layers;

/// <summary>A part along one axis: Python's <c>x[start:end:step]</c>. PyTorch's <c>split</c> and <c>chunk</c> are one slice for each part.</summary>
/// <param name="Axis">0 batch, 1 channels, 2 rows, 3 columns; negative counts from the end.</param>
/// <param name="Start">The first element; negative counts from the end.</param>
/// <param name="End">Behind the last element; negative counts from the end, and what lies beyond the end counts as the end.</param>
/// <param name="Step">Distance between elements, at least 1.</param>
public sealed record SliceSpec(int Axis, int Start = 0, int End = int.MaxValue, int Step = 1)
{
    /// <summary>Shape of the output.</summary>
    /// <param name="input">Shape of the input.</param>
    /// <returns>The input's shape, shorter along the axis.</returns>
    /// <exception cref="ArgumentException">Nothing would be left, or the step is below 1.</exception>
    public Shape4 OutputShape(Shape4 input)
    {
        int axis = Concatenation.Axis(Axis);
        return Concatenation.With(input.Checked(nameof(input)), axis, Range(Concatenation.Size(input, axis)).Count);
    }

    /// <summary>The first element and their number along an axis of a size.</summary>
    internal (int First, int Count) Range(int size)
    {
        int first = (int)Math.Clamp(Start < 0 ? (long)Start + size : Start, 0, size);
        int end = (int)Math.Clamp(End < 0 ? (long)End + size : End, 0, size);
        return Step >= 1 && end > first
            ? (first, (int)(((long)end - first + Step - 1) / Step))
            : throw new ArgumentException($"{this} must have a step of at least 1 and leave something of {size} elements.", "input");
    }

    /// <summary>Copies the part.</summary>
    internal void Run<T>(ReadOnlySpan<T> input, Shape4 from, Span<T> output, Shape4 to)
    {
        Parts parts = Parts.Of(this, from, to);
        for (int i = 0; i < parts.Count; i++)
        {
            input.Slice(parts.Place(i), parts.Run).CopyTo(output[(i * parts.Run)..]);
        }
    }

    /// <summary>The gradient: 0 for what was left out.</summary>
    internal void Backward(ReadOnlySpan<float> outputGradient, Shape4 to, Span<float> inputGradient, Shape4 from)
    {
        inputGradient.Clear();
        Parts parts = Parts.Of(this, from, to);
        for (int i = 0; i < parts.Count; i++)
        {
            outputGradient.Slice(i * parts.Run, parts.Run).CopyTo(inputGradient[parts.Place(i)..]);
        }
    }

    /// <summary>The contiguous runs of the part in the whole, in their order.</summary>
    private readonly record struct Parts(int Count, int Run, int Inner, int Outer, int Distance, int Start)
    {
        /// <summary>Where a run starts: so many inner runs follow each other within each outer one.</summary>
        public int Place(int index)
        {
            (int outer, int inner) = Math.DivRem(index, Inner);
            return outer * Outer + Start + inner * Distance;
        }

        public static Parts Of(SliceSpec spec, Shape4 from, Shape4 to)
        {
            int axis = Concatenation.Axis(spec.Axis);
            int size = Concatenation.Size(from, axis);
            (int first, int count) = spec.Range(size);
            int element = axis switch { 0 => from.H * from.W * from.C, 1 => 1, 2 => from.W * from.C, _ => from.C };

            // Neighbours make one run.
            int perRun = spec.Step == 1 ? count : 1;
            int run = perRun * element;
            return new Parts(to.Count / run, run, count / perRun, size * element, spec.Step * element, first * element);
        }
    }
}
