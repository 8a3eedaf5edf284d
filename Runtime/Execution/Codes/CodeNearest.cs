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
    private readonly StretchedColumns _columns;
    private readonly byte* _input;
    private readonly byte* _output;
    private readonly Shape4 _from;
    private readonly Shape4 _to;

    private CodeNearest(SamplingAxis rows, StretchedColumns columns, byte* input, Shape4 from, byte* output, Shape4 to)
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
        int[] rented = ArrayPool<int>.Shared.Rent(to.W);
        fixed (int* table = rented)
        fixed (byte* x = input, y = output)
        {
            var columns = new StretchedColumns(spec.Columns(from.W, to.W), table, from, to);
            RowTeam<CodeNearest>.Run(new CodeNearest(spec.Rows(from.H, to.H), columns, x, from, y, to), to.N * to.H, KernelThreads.For((long)to.Count * Work));
        }

        ArrayPool<int>.Shared.Return(rented);
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
            _columns.Stretch(_input + (nint)row * sourceLength, target);
        }
    }
}
