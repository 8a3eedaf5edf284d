using System;
using System.Buffers;
using Kernels.Layers;

namespace Kernels.Execution;

/// <summary>Nearest upsampling of codes: pixels are copied, and rows that repeat are copied whole.</summary>
internal readonly unsafe struct CodeNearest : IRowKernel
{
    // Multiply-accumulates that a code costs as much as, for the choice of threads.
    private const int Work = 8;

    private readonly SamplingAxis _rows;
    private readonly int* _columns;
    private readonly byte* _input;
    private readonly byte* _output;
    private readonly Shape4 _from;
    private readonly Shape4 _to;

    private CodeNearest(SamplingAxis rows, int* columns, byte* input, Shape4 from, byte* output, Shape4 to)
    {
        _rows = rows;
        _columns = columns;
        _input = input;
        _output = output;
        _from = from;
        _to = to;
    }

    /// <summary>Runs a layer; spans have the lengths of their shapes.</summary>
    public static void Run(UpsampleSpec spec, ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to)
    {
        int[] columns = RentColumns(spec, from, to);
        fixed (int* table = columns)
        fixed (byte* x = input, y = output)
        {
            RowTeam<CodeNearest>.Run(new CodeNearest(spec.Rows(from.H, to.H), table, x, from, y, to), to.N * to.H, KernelThreads.For((long)to.Count * Work));
        }

        ArrayPool<int>.Shared.Return(columns);
    }

    /// <summary>The input column of each output column, in rented memory.</summary>
    public static int[] RentColumns(UpsampleSpec spec, Shape4 from, Shape4 to)
    {
        SamplingAxis axis = spec.Columns(from.W, to.W);
        int[] columns = ArrayPool<int>.Shared.Rent(to.W);
        for (int x = 0; x < to.W; x++)
        {
            columns[x] = axis.Nearest(x);
        }

        return columns;
    }

    /// <inheritdoc/>
    public void Run(int first, int end)
    {
        int length = _to.W * _to.C;
        int held = -1;
        for (int i = first; i < end; i++)
        {
            (int image, int y) = Math.DivRem(i, _to.H);
            int row = image * _from.H + _rows.Nearest(y);
            byte* target = _output + (nint)i * length;
            if (row == held)
            {
                Buffer.MemoryCopy(target - length, target, length, length);
                continue;
            }

            held = row;
            int sourceLength = _from.W * _from.C;
            PixelCopy.Named(_input + (nint)row * sourceLength, _columns, sourceLength, target, _to.W, _to.C);
        }
    }
}
