using System;

namespace Kernels.Layers;

/// <summary>Rows and columns to add, in the order of PyTorch's <c>F.pad</c>.</summary>
/// <param name="Left">Columns at the left.</param>
/// <param name="Right">Columns at the right.</param>
/// <param name="Top">Rows at the top.</param>
/// <param name="Bottom">Rows at the bottom.</param>
/// <param name="Mode">What the new pixels hold.</param>
/// <param name="Value">The value of <see cref="PadMode.Constant"/>, in real units.</param>
public sealed record PadSpec(int Left, int Right, int Top, int Bottom, PadMode Mode = PadMode.Constant, float Value = 0f)
{
    /// <summary>What the new pixels hold.</summary>
    public PadMode Mode { get; init => field = SpecNumber.Check(value); } = SpecNumber.Check(Mode, nameof(Mode));

    /// <summary>The same on all sides.</summary>
    /// <param name="size">Pixels to add at each side.</param>
    /// <param name="mode">What the new pixels hold.</param>
    /// <param name="value">The value of <see cref="PadMode.Constant"/>, in real units.</param>
    /// <returns>The specification.</returns>
    public static PadSpec All(int size, PadMode mode = PadMode.Constant, float value = 0f) => new(size, size, size, size, mode, value);

    /// <summary>Shape of the output.</summary>
    /// <param name="input">Shape of the input.</param>
    /// <returns>The input's shape and the padding.</returns>
    /// <exception cref="ArgumentException">Padding is negative, or larger than the mode allows for this input.</exception>
    public Shape4 OutputShape(Shape4 input)
    {
        input.Checked(nameof(input));
        int rows = Math.Max(Top, Bottom);
        int columns = Math.Max(Left, Right);
        int limit = Mode switch { PadMode.Reflect => 1, PadMode.Circular => 0, _ => int.MinValue };
        if (Left < 0 || Right < 0 || Top < 0 || Bottom < 0 || (limit >= 0 && (rows > input.H - limit || columns > input.W - limit)))
        {
            throw new ArgumentException($"{this} does not fit an input of {input.H}x{input.W} pixels: padding is at least 0, and reflected or circular padding comes from the image.", nameof(input));
        }

        long height = (long)input.H + Top + Bottom;
        long width = (long)input.W + Left + Right;
        return (input with { H = (int)Math.Min(height, Limits.Elements), W = (int)Math.Min(width, Limits.Elements) }).Checked(nameof(input));
    }

    /// <summary>Copies the image and fills around it.</summary>
    internal void Run<T>(ReadOnlySpan<T> input, Shape4 from, Span<T> output, Shape4 to, T fill)
    {
        int inputRow = from.W * from.C;
        int outputRow = to.W * to.C;
        for (int i = 0; i < to.N * to.H; i++)
        {
            (int n, int y) = Math.DivRem(i, to.H);
            Span<T> target = output.Slice(i * outputRow, outputRow);
            int row = Source(y - Top, from.H);
            if (row < 0)
            {
                target.Fill(fill);
                continue;
            }

            ReadOnlySpan<T> source = input.Slice((n * from.H + row) * inputRow, inputRow);
            source.CopyTo(target[(Left * to.C)..]);
            FillColumns(source, from, target, 0, Left, fill);
            FillColumns(source, from, target, Left + from.W, to.W, fill);
        }
    }

    /// <summary>The gradient: every pixel gets its own and that of its copies in the border.</summary>
    internal void Backward(ReadOnlySpan<float> outputGradient, Shape4 to, Span<float> inputGradient, Shape4 from)
    {
        inputGradient.Clear();
        int inputRow = from.W * from.C;
        int outputRow = to.W * to.C;
        for (int i = 0; i < to.N * to.H; i++)
        {
            (int n, int y) = Math.DivRem(i, to.H);
            int row = Source(y - Top, from.H);
            if (row >= 0)
            {
                ReadOnlySpan<float> gradient = outputGradient.Slice(i * outputRow, outputRow);
                Span<float> sums = inputGradient.Slice((n * from.H + row) * inputRow, inputRow);
                Accumulation.Add(gradient.Slice(Left * from.C, inputRow), sums);
                AddColumns(gradient, from, sums, 0, Left);
                AddColumns(gradient, from, sums, Left + from.W, to.W);
            }
        }
    }

    private void AddColumns(ReadOnlySpan<float> gradient, Shape4 from, Span<float> sums, int first, int end)
    {
        for (int x = first; x < end; x++)
        {
            int column = Source(x - Left, from.W);
            if (column >= 0)
            {
                Accumulation.Add(gradient.Slice(x * from.C, from.C), sums.Slice(column * from.C, from.C));
            }
        }
    }

    private void FillColumns<T>(ReadOnlySpan<T> source, Shape4 from, Span<T> target, int first, int end, T fill)
    {
        for (int x = first; x < end; x++)
        {
            Span<T> pixel = target.Slice(x * from.C, from.C);
            int column = Source(x - Left, from.W);
            if (column < 0)
            {
                pixel.Fill(fill);
            }
            else
            {
                source.Slice(column * from.C, from.C).CopyTo(pixel);
            }
        }
    }

    /// <summary>The input row or column of an output one; -1 for the constant.</summary>
    private int Source(int index, int size)
    {
        if ((uint)index < (uint)size)
        {
            return index;
        }

        return Mode switch
        {
            PadMode.Reflect => index < 0 ? -index : 2 * (size - 1) - index,
            PadMode.Replicate => Math.Clamp(index, 0, size - 1),
            PadMode.Circular => index < 0 ? index + size : index - size,
            _ => -1,
        };
    }
}
