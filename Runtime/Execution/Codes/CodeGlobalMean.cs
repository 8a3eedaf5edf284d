using System;
using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Kernels.Execution;

/// <summary>
/// Means of channels over whole images. Some neighbouring pixels count as one wide one, so that its rows of sums fill vectors however few channels
/// there are.
/// </summary>
internal readonly unsafe struct CodeGlobalMean : IRowKernel
{
    // Codes of a wide pixel, whose sums stay in the first cache.
    private const int Wide = 2048;

    // Rows that are added in registers before their sums are written.
    private const int RowsAtOnce = 8;

    private readonly byte* _input;
    private readonly long* _sums;
    private readonly int _pixels;
    private readonly int _channels;

    private CodeGlobalMean(byte* input, long* sums, int pixels, int channels)
    {
        _input = input;
        _sums = sums;
        _pixels = pixels;
        _channels = channels;
    }

    private int PixelsOfRow => Math.Max(1, Wide / _channels);

    /// <summary>Runs a layer; the output has a code for each channel of each image.</summary>
    public static void Run(MeanConstants constants, ReadOnlySpan<byte> input, Shape4 from, Span<byte> output)
    {
        int pixels = from.H * from.W;
        long[] sums = ArrayPool<long>.Shared.Rent(from.C);
        fixed (byte* x = input)
        fixed (long* s = sums)
        {
            for (int image = 0; image < from.N; image++)
            {
                sums.AsSpan(0, from.C).Clear();
                var run = new CodeGlobalMean(x + (nint)image * pixels * from.C, s, pixels, from.C);
                int rows = (pixels + run.PixelsOfRow - 1) / run.PixelsOfRow;
                RowTeam<CodeGlobalMean>.Run(run, rows, KernelThreads.For((long)pixels * from.C * 4));
                Finish(constants, sums, pixels, output.Slice(image * from.C, from.C));
            }
        }

        ArrayPool<long>.Shared.Return(sums);
    }

    /// <inheritdoc/>
    public void Run(int first, int end)
    {
        int length = PixelsOfRow * _channels;
        ushort[] words = ArrayPool<ushort>.Shared.Rent(length);
        long[] totals = ArrayPool<long>.Shared.Rent(_channels);
        totals.AsSpan(0, _channels).Clear();
        fixed (ushort* row = words)
        fixed (long* total = totals)
        {
            byte* at = _input + (nint)first * length;
            nint left = Math.Min((nint)(end - first) * length, (nint)_pixels * _channels - (nint)first * length);
            while (left > 0)
            {
                // The last row may be shorter: it comes alone.
                int rows = (int)Math.Min(SumRows.Most, left / length);
                int codes = rows == 0 ? (int)left : length;
                rows = Math.Max(rows, 1);
                for (int r = 0; r < rows; r += RowsAtOnce)
                {
                    SumRows.Of(at + (nint)r * length, length, Math.Min(RowsAtOnce, rows - r), row, codes, adds: r > 0);
                }

                AddPixels(row, codes, total);
                at += (nint)rows * codes;
                left -= (nint)rows * codes;
            }

            for (int c = 0; c < _channels; c++)
            {
                Interlocked.Add(ref _sums[c], total[c]);
            }
        }

        ArrayPool<ushort>.Shared.Return(words);
        ArrayPool<long>.Shared.Return(totals);
    }

    /// <summary>Adds the sums of a wide pixel to those of its channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddPixels(ushort* row, int length, long* totals)
    {
        for (int pixel = 0; pixel < length; pixel += _channels)
        {
            int c = 0;
            for (; c <= _channels - Vector<ushort>.Count; c += Vector<ushort>.Count)
            {
                Vector.Widen(Unsafe.ReadUnaligned<Vector<ushort>>(row + pixel + c), out Vector<uint> low, out Vector<uint> high);
                Add(low, totals + c);
                Add(high, totals + c + Vector<uint>.Count);
            }

            for (; c < _channels; c++)
            {
                totals[c] += row[pixel + c];
            }
        }

        static void Add(Vector<uint> sums, long* totals)
        {
            Vector.Widen(sums, out Vector<ulong> low, out Vector<ulong> high);
            Unsafe.WriteUnaligned(totals, Unsafe.ReadUnaligned<Vector<ulong>>(totals) + low);
            Unsafe.WriteUnaligned(totals + Vector<ulong>.Count, Unsafe.ReadUnaligned<Vector<ulong>>(totals + Vector<ulong>.Count) + high);
        }
    }

    /// <summary>Makes means of sums of so many codes.</summary>
    public static void Finish(MeanConstants constants, ReadOnlySpan<long> sums, int count, Span<byte> output)
    {
        int[] numbers = ArrayPool<int>.Shared.Rent(output.Length + ChannelPattern.Block);

        // Less zero points a sum is at most 255 a code, either way: beyond int32 only in the largest of images, where the bit that is dropped is
        // below what float32 holds.
        int shift = 0;
        while ((long)count * byte.MaxValue >> shift > int.MaxValue)
        {
            shift++;
        }

        long zeros = (long)constants.Input.ZeroPoint * count;
        for (int i = 0; i < output.Length; i++)
        {
            numbers[i] = (int)((sums[i] - zeros) >> shift);
        }

        fixed (int* first = numbers)
        fixed (byte* target = output)
        {
            MeanKernel.Run(constants, null, first, 0, constants.Ratio / count * (1 << shift), target, output.Length);
        }

        ArrayPool<int>.Shared.Return(numbers);
    }
}
