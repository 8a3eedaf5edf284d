using System;
using System.Runtime.Intrinsics;
using Kernels.Layers;

namespace Kernels.Execution;

/// <summary>
/// Average pooling of codes with windows of at most 257 pixels: first the sums of the window's rows, then of its columns, in 16 bits along whole
/// rows. Columns of padding hold what as many zero points give, so that they add nothing and borders need no special case.
/// </summary>
internal readonly unsafe struct CodeMeanPooling : IRowKernel
{
    // Multiply-accumulates that an output costs as much as beside its taps, for the choice of threads.
    private const int Work = 16;

    private readonly MeanConstants _constants;
    private readonly PoolingSpec _spec;
    private readonly SlidingWindows _windows;
    private readonly byte* _input;
    private readonly byte* _output;
    private readonly Shape4 _from;
    private readonly Shape4 _to;

    private CodeMeanPooling(MeanConstants constants, PoolingSpec spec, SlidingWindows windows, byte* input, Shape4 from, byte* output, Shape4 to)
    {
        _constants = constants;
        _spec = spec;
        _windows = windows;
        _input = input;
        _output = output;
        _from = from;
        _to = to;
    }

    /// <summary>Whether sums of a layer's windows fit.</summary>
    public static bool Takes(PoolingSpec spec) => (long)spec.KernelHeight * spec.KernelWidth <= SumRows.Most;

    /// <summary>Runs a layer that is taken; spans have the lengths of their shapes.</summary>
    public static void Run(MeanConstants constants, PoolingSpec spec, SlidingWindows windows, ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to)
    {
        fixed (byte* x = input, y = output)
        {
            long work = (long)to.Count * (Work + spec.KernelHeight + spec.KernelWidth);
            RowTeam<CodeMeanPooling>.Run(new CodeMeanPooling(constants, spec, windows, x, from, y, to), to.N * to.H, KernelThreads.For(work));
        }
    }

    /// <inheritdoc/>
    public void Run(int first, int end)
    {
        int size = _from.C;
        int windows = (_to.W - 1) * _spec.StrideWidth + 1;
        long columns = Math.Max(windows + _spec.KernelWidth - 1L, _spec.PaddingWidth + (long)_from.W);
        bool isNarrow = size < Vector128<byte>.Count && _spec.StrideWidth > 1;
        using var buffers = new PoolingBuffers(columns * size * sizeof(ushort), (_to.W + (isNarrow ? windows : 0L)) * size * sizeof(ushort) + 4 * PoolingBuffers.Slack);
        fixed (byte* rowBytes = buffers.First, sumBytes = buffers.Second)
        {
            var row = (ushort*)rowBytes;
            var sums = (ushort*)sumBytes;
            for (int y = first; y < end; y++)
            {
                AxisWindow rows = Stage(y, row, (int)columns);
                if (_spec.StrideWidth == 1)
                {
                    SumRows.OfWindows(row, size, _spec.KernelWidth, 0, sums, 1, _to.W * size);
                }
                else if (isNarrow)
                {
                    ushort* joined = sums + (nint)_to.W * size + PoolingBuffers.Slack;
                    SumRows.OfWindows(row, size, _spec.KernelWidth, 0, joined, 1, windows * size);
                    PixelCopy.Spaced((byte*)joined, (nint)_spec.StrideWidth * size * sizeof(ushort), (byte*)sums, _to.W, size * sizeof(ushort));
                }
                else
                {
                    SumRows.OfWindows(row, size, _spec.KernelWidth, (nint)_spec.StrideWidth * size, sums, _to.W, size);
                }

                Finish(rows, sums, _output + (nint)y * _to.W * size);
            }
        }
    }

    /// <summary>The sums of a window's rows, between columns of padding.</summary>
    private AxisWindow Stage(int index, ushort* row, int columns)
    {
        (int image, int y) = Math.DivRem(index, _to.H);
        AxisWindow rows = _windows.Rows(y, _from.H, _to.H);
        int length = _from.W * _from.C;
        int before = _spec.PaddingWidth * _from.C;
        var all = new Span<ushort>(row, columns * _from.C);
        var padding = (ushort)(_constants.Input.ZeroPoint * rows.Count);
        all[..before].Fill(padding);
        all[(before + length)..].Fill(padding);
        SumRows.Of(_input + ((nint)image * _from.H + rows.Start) * length, length, rows.Count, row + before, length, adds: false);
        return rows;
    }

    /// <summary>Windows between the borders have one divisor and become codes together.</summary>
    private void Finish(AxisWindow rows, ushort* sums, byte* target)
    {
        int first = Math.Min((_spec.PaddingWidth + _spec.StrideWidth - 1) / _spec.StrideWidth, _to.W);
        int room = _from.W + _spec.PaddingWidth - _spec.KernelWidth;
        int end = Math.Clamp(room < 0 ? 0 : room / _spec.StrideWidth + 1, first, _to.W);
        for (int x = 0; x < first; x++)
        {
            Finish(rows, sums, target, x, x + 1);
        }

        if (end > first)
        {
            Finish(rows, sums, target, first, end);
        }

        for (int x = end; x < _to.W; x++)
        {
            Finish(rows, sums, target, x, x + 1);
        }
    }

    private void Finish(AxisWindow rows, ushort* sums, byte* target, int first, int end)
    {
        int less = _constants.Input.ZeroPoint * rows.Count * _spec.KernelWidth;
        long divisor = _windows.Divisor(rows, _windows.Columns(first, _from.W, _to.W));
        nint start = (nint)first * _to.C;
        MeanKernel.Run(_constants, sums + start, null, less, _constants.Ratio / divisor, target + start, (end - first) * _to.C);
    }
}
