using System;

namespace Kernels.Generic;

/// <summary>
/// Buffers of a thread, kept from run to run and grown when a larger layer or image comes: a run allocates nothing
/// after the first of its size.
/// </summary>
internal sealed class ConvolutionScratch
{
    [ThreadStatic]
    private static ConvolutionScratch? s_current;

    private AlignedArray<int> _rows = new(0);
    private int[] _heldRows = [];
    private Segment[] _segments = [];

    /// <summary>The buffers of the calling thread.</summary>
    public static ConvolutionScratch Current => s_current ??= new ConvolutionScratch();

    /// <summary>Row buffers of at least <paramref name="steps"/> steps; their content is arbitrary.</summary>
    public AlignedArray<int> Rows(int steps)
    {
        if (_rows.Length < steps)
        {
            _rows = new AlignedArray<int>(steps);
        }

        return _rows;
    }

    /// <summary>For each row buffer the input row that it holds; arbitrary at first.</summary>
    public Span<int> HeldRows(int count)
    {
        if (_heldRows.Length < count)
        {
            _heldRows = new int[count];
        }

        return _heldRows.AsSpan(0, count);
    }

    /// <summary>Room for segments.</summary>
    public Segment[] Segments(int count)
    {
        if (_segments.Length < count)
        {
            _segments = new Segment[count];
        }

        return _segments;
    }
}
