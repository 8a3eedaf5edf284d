using System;
using System.Buffers;
using System.Numerics;
using Kernels.Execution;

namespace Kernels.Layers;

/// <summary>Means of windows: a vector is a run of channels.</summary>
internal static class AveragePooling
{
    /// <summary>Float means.</summary>
    public static void Run(PoolingWindows windows, ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to)
    {
        for (int i = 0; i < to.N * to.H * to.W; i++)
        {
            Window window = Window.Of(windows, from, to, i);
            Span<float> sums = output.Slice(i * to.C, to.C);
            sums.Clear();
            for (int y = window.Rows.Start; y < window.Rows.End; y++)
            {
                for (int x = window.Columns.Start; x < window.Columns.End; x++)
                {
                    Accumulation.Add(input.Slice(window.Pixel(from, y, x) * from.C, from.C), sums);
                }
            }

            foreach (ref float sum in sums)
            {
                sum /= window.Divisor;
            }
        }
    }

    /// <summary>The gradient of the float means: every element of a window gets its share.</summary>
    public static void Backward(PoolingWindows windows, Shape4 from, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        inputGradient.Clear();
        for (int i = 0; i < to.N * to.H * to.W; i++)
        {
            Window window = Window.Of(windows, from, to, i);
            for (int y = window.Rows.Start; y < window.Rows.End; y++)
            {
                for (int x = window.Columns.Start; x < window.Columns.End; x++)
                {
                    Accumulation.Add(outputGradient.Slice(i * to.C, to.C), 1f / window.Divisor, inputGradient.Slice(window.Pixel(from, y, x) * from.C, from.C));
                }
            }
        }
    }

    /// <summary>
    /// Int8 means: <c>clamp(round_half_even((sum of (code - zx)) * (sx / so / divisor)) + zo)</c>, sums exact, the rest float32. For windows of any
    /// size; pixel by pixel.
    /// </summary>
    public static unsafe void Run(PoolingWindows windows, MeanConstants constants, ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to)
    {
        int[] rented = ArrayPool<int>.Shared.Rent(to.C + ChannelPattern.Block);
        Span<int> sums = rented.AsSpan(0, to.C);
        fixed (int* numbers = rented)
        fixed (byte* target = output)
        {
            for (int i = 0; i < to.N * to.H * to.W; i++)
            {
                Window window = Window.Of(windows, from, to, i);
                Sum(window, input, from, constants.Input.ZeroPoint, sums);
                MeanKernel.Run(constants, null, numbers, 0, constants.Ratio / window.Divisor, target + (nint)i * to.C, to.C);
            }
        }

        ArrayPool<int>.Shared.Return(rented);
    }

    /// <summary>Throws when a sum of so many codes could leave int32.</summary>
    internal static void CheckSum(long codes)
    {
        if (codes > Limits.MeanCodes)
        {
            throw new ArgumentException($"A mean of {codes} codes could overflow its sum: at most {Limits.MeanCodes} can be summed up.", "input");
        }
    }

    /// <summary>Sums of a window, one a channel, of codes less their zero point.</summary>
    private static void Sum(Window window, ReadOnlySpan<byte> input, Shape4 from, int zeroPoint, Span<int> sums)
    {
        CheckSum((long)window.Rows.Count * window.Columns.Count);
        sums.Fill(-zeroPoint * window.Rows.Count * window.Columns.Count);
        for (int y = window.Rows.Start; y < window.Rows.End; y++)
        {
            for (int x = window.Columns.Start; x < window.Columns.End; x++)
            {
                Add(input.Slice(window.Pixel(from, y, x) * from.C, from.C), sums);
            }
        }
    }

    private static void Add(ReadOnlySpan<byte> pixel, Span<int> sums)
    {
        int c = 0;
        for (; c <= pixel.Length - Vector<byte>.Count; c += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(pixel[c..]), out Vector<ushort> low, out Vector<ushort> high);
            Add(low, sums[c..]);
            Add(high, sums[(c + Vector<ushort>.Count)..]);
        }

        for (; c < pixel.Length; c++)
        {
            sums[c] += pixel[c];
        }

        static void Add(Vector<ushort> codes, Span<int> sums)
        {
            Vector.Widen(codes, out Vector<uint> low, out Vector<uint> high);
            (new Vector<int>(sums) + Vector.AsVectorInt32(low)).CopyTo(sums);
            Span<int> rest = sums[Vector<int>.Count..];
            (new Vector<int>(rest) + Vector.AsVectorInt32(high)).CopyTo(rest);
        }
    }

    /// <summary>One window.</summary>
    private readonly record struct Window(int Image, AxisWindow Rows, AxisWindow Columns, long Divisor)
    {
        public int Pixel(Shape4 from, int y, int x) => (Image * from.H + y) * from.W + x;

        public static Window Of(PoolingWindows windows, Shape4 from, Shape4 to, int index)
        {
            (int row, int x) = Math.DivRem(index, to.W);
            (int image, int y) = Math.DivRem(row, to.H);
            AxisWindow rows = windows.Rows(y, from.H, to.H);
            AxisWindow columns = windows.Columns(x, from.W, to.W);
            return new Window(image, rows, columns, windows.Divisor(rows, columns));
        }
    }
}
