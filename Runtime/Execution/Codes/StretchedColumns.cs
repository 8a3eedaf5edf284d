using System.Runtime.Intrinsics;
using Kernels.Layers;

namespace Kernels.Execution;

/// <summary>Rows of pixels that are copied, some of them more than once, to make wider or narrower rows.</summary>
internal readonly unsafe struct StretchedColumns
{
    private readonly int* _columns;
    private readonly int _from;
    private readonly int _to;
    private readonly int _size;
    private readonly bool _isDoubled;

    /// <summary>Finds the input column of each output column.</summary>
    /// <param name="axis">Where output columns lie.</param>
    /// <param name="columns">Room for them.</param>
    /// <param name="from">Shape of the input.</param>
    /// <param name="to">Shape of the output.</param>
    public StretchedColumns(SamplingAxis axis, int* columns, Shape4 from, Shape4 to)
    {
        _columns = columns;
        _from = from.W;
        _to = to.W;
        _size = to.C;
        _isDoubled = to.W == 2 * from.W;
        for (int x = 0; x < to.W; x++)
        {
            columns[x] = axis.Nearest(x);
            _isDoubled &= columns[x] == x / 2;
        }
    }

    /// <summary>Stretches a row.</summary>
    /// <param name="source">The input row.</param>
    /// <param name="target">Receives the output row.</param>
    public void Stretch(byte* source, byte* target)
    {
        if (_isDoubled && _size < Vector128<byte>.Count)
        {
            PixelPairs.Double(source, target, _from, _size);
        }
        else
        {
            PixelCopy.Named(source, _columns, (nint)_from * _size, target, _to, _size);
        }
    }
}
