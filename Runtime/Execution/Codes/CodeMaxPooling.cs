using System;
using System.Runtime.Intrinsics;
using Kernels.Layers;

namespace Kernels.Execution;

/// <summary>
/// Max pooling of codes: first the largest of the window's rows, then of its columns, both along whole rows. Padding holds the lowest code, so
/// that borders need no special case.
/// </summary>
internal readonly unsafe struct CodeMaxPooling : IRowKernel
{
    // Multiply-accumulates that a tap of an output costs as much as, for the choice of threads.
    private const int Work = 1;

    private readonly PoolingSpec _spec;
    private readonly byte* _input;
    private readonly byte* _output;
    private readonly Shape4 _from;
    private readonly Shape4 _to;

    private CodeMaxPooling(PoolingSpec spec, byte* input, Shape4 from, byte* output, Shape4 to)
    {
        _spec = spec;
        _input = input;
        _output = output;
        _from = from;
        _to = to;
    }

    /// <summary>Whether rows with their padding stay in proportion to the image's.</summary>
    public static bool Takes(PoolingSpec spec, Shape4 from) => spec.PaddingWidth <= Math.Max(from.W, 4096);

    /// <summary>Runs a layer that is taken; spans have the lengths of their shapes.</summary>
    public static void Run(PoolingSpec spec, ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to)
    {
        fixed (byte* x = input, y = output)
        {
            long taps = Math.Min(spec.KernelHeight, from.H) + (long)Math.Min(spec.KernelWidth, from.W);
            RowTeam<CodeMaxPooling>.Run(new CodeMaxPooling(spec, x, from, y, to), to.N * to.H, KernelThreads.For(Math.Min((long)to.Count * taps, int.MaxValue) * Work));
        }
    }

    /// <inheritdoc/>
    public void Run(int first, int end)
    {
        int size = _from.C;

        // Taps that lie beyond the image on both sides for every window add nothing, so that what is staged stays in proportion to the image.
        int taps = (int)Math.Min(_spec.KernelWidth, (_from.W + (long)_spec.PaddingWidth - 1) / _spec.DilationWidth + 1);
        long columns = (_to.W - 1L) * _spec.StrideWidth + (taps - 1L) * _spec.DilationWidth + 1;
        long staged = Math.Max(columns, _spec.PaddingWidth + (long)_from.W) * size;
        bool isNarrow = size < Vector128<byte>.Count && _spec.StrideWidth > 1;
        using var buffers = new PoolingBuffers(staged, isNarrow ? columns * size : 0);
        fixed (byte* row = buffers.First, joined = buffers.Second)
        {
            buffers.First.Clear();
            for (int y = first; y < end; y++)
            {
                Stage(y, row + (nint)_spec.PaddingWidth * size);
                byte* target = _output + (nint)y * _to.W * size;
                nint tap = (nint)_spec.DilationWidth * size;
                if (_spec.StrideWidth == 1)
                {
                    MaximumRows.Of(row, tap, taps, target, _to.W * size);
                }
                else if (isNarrow)
                {
                    int windows = (_to.W - 1) * _spec.StrideWidth + 1;
                    MaximumRows.Of(row, tap, taps, joined, windows * size);
                    PixelCopy.Spaced(joined, (nint)_spec.StrideWidth * size, target, _to.W, size);
                }
                else
                {
                    MaximumRows.OfWindows(row, tap, taps, (nint)_spec.StrideWidth * size, target, _to.W, size);
                }
            }
        }
    }

    /// <summary>The largest of a window's rows.</summary>
    private void Stage(int index, byte* row)
    {
        (int image, int y) = Math.DivRem(index, _to.H);
        long top = (long)y * _spec.StrideHeight - _spec.PaddingHeight;
        long before = top < 0 ? (_spec.DilationHeight - 1 - top) / _spec.DilationHeight : 0;
        long start = top + before * _spec.DilationHeight;
        long inside = start < _from.H ? (_from.H - 1 - start) / _spec.DilationHeight + 1 : 0;
        int rows = (int)Math.Clamp(_spec.KernelHeight - before, 0, inside);
        int length = _from.W * _from.C;
        if (rows == 0)
        {
            // Dilation steps over an image that is small.
            new Span<byte>(row, length).Clear();
            return;
        }

        MaximumRows.Of(_input + ((nint)image * _from.H + (nint)start) * length, (nint)_spec.DilationHeight * length, rows, row, length);
    }
}
