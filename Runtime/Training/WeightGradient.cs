using System;
using System.Numerics;
using Kernels.Generic;
using Kernels.Layers;

namespace Kernels.Training;

/// <summary>
/// The gradient by the weights of Conv2d and ConvTranspose2d. Both are one computation: for every tap the sum of outer products
/// of the pixels of the small side (the output of Conv2d, the input of ConvTranspose2d) with those of the large side that the
/// stride, padding and dilation assign to them. Row by row: large rows are copied between zeros, so that borders cost no
/// branches; without dilation and groups all taps of a kernel row are neighbours in memory and run as one row of lanes.
/// </summary>
internal sealed unsafe class WeightGradient
{
    private readonly ConvolutionSpec _spec;
    private readonly int _smallChannels;
    private readonly int _largeChannels;
    private readonly int _groupSmall;
    private readonly int _groupLarge;
    private readonly int _segments;
    private readonly int _segmentLanes;
    private readonly int _vectors;
    private readonly int _panels;
    private readonly AlignedArray<float> _sums;
    private AlignedArray<float> _panelRow = new(0);
    private AlignedArray<float> _largeRow = new(0);

    public WeightGradient(ConvolutionSpec spec)
    {
        _spec = spec;
        (_smallChannels, _largeChannels) = spec.Kind == ConvolutionKind.Conv2d ? (spec.OutChannels, spec.InChannels) : (spec.InChannels, spec.OutChannels);
        _groupSmall = _smallChannels / spec.Groups;
        _groupLarge = _largeChannels / spec.Groups;
        bool isOneRun = spec.Groups == 1 && spec.DilationWidth == 1;
        _segments = isOneRun ? 1 : spec.KernelWidth;
        _segmentLanes = isOneRun ? spec.KernelWidth * _largeChannels : _groupLarge;
        _vectors = (_segmentLanes + Vector<float>.Count - 1) / Vector<float>.Count;
        _panels = (_groupSmall + WeightGradientTile.Rows - 1) / WeightGradientTile.Rows;
        _sums = new AlignedArray<float>(IsDepthwise
            ? checked(spec.KernelHeight * spec.KernelWidth * _smallChannels)
            : checked(spec.KernelHeight * spec.Groups * _segments * SegmentSums));
    }

    private bool IsDepthwise => _groupSmall == 1 && _groupLarge == 1;

    private int SegmentSums => _panels * WeightGradientTile.Rows * _vectors * Vector<float>.Count;

    /// <summary>Adds the gradient.</summary>
    /// <param name="input">The layer's input.</param>
    /// <param name="outputGradient">The gradient by its output.</param>
    /// <param name="gradient">The gradient so far, in the order of the weights; this batch's is added.</param>
    public void AddTo(FloatTensor input, FloatTensor outputGradient, Span<float> gradient)
    {
        (FloatTensor small, FloatTensor large) = _spec.Kind == ConvolutionKind.Conv2d ? (outputGradient, input) : (input, outputGradient);
        Reserve(small.Shape, large.Shape);
        _sums.Span.Clear();
        for (int n = 0; n < small.Shape.N; n++)
        {
            for (int y = 0; y < small.Shape.H; y++)
            {
                AddRow(small, large, n, y);
            }
        }

        Unpack(gradient);
    }

    private void Reserve(Shape4 small, Shape4 large)
    {
        int panelRow = checked(_spec.Groups * _panels * small.W * WeightGradientTile.Rows);
        if (_panelRow.Length < panelRow)
        {
            _panelRow = new AlignedArray<float>(panelRow);
        }

        // The last pixel's lanes are read in whole vectors.
        int largeRow = checked((int)((long)ReachedColumns(small.W) * _largeChannels) + (_vectors + 1) * Vector<float>.Count);
        if (_largeRow.Length < largeRow)
        {
            _largeRow = new AlignedArray<float>(largeRow);
        }

        _largeRow.Span.Clear();
    }

    /// <summary>Columns of the large side, padding included, that a row of the small side reads.</summary>
    private int ReachedColumns(int smallWidth) => (smallWidth - 1) * _spec.StrideWidth + (_spec.KernelWidth - 1) * _spec.DilationWidth + 1;

    private void AddRow(FloatTensor small, FloatTensor large, int n, int y)
    {
        int width = small.Shape.W;
        ReadOnlySpan<float> smallRow = small.Data.Slice((n * small.Shape.H + y) * width * _smallChannels, width * _smallChannels);
        if (!IsDepthwise)
        {
            PackPanels(smallRow);
        }

        for (int ky = 0; ky < _spec.KernelHeight; ky++)
        {
            int row = y * _spec.StrideHeight - _spec.PaddingHeight + ky * _spec.DilationHeight;
            if (row < 0 || row >= large.Shape.H)
            {
                continue;
            }

            CopyBetweenZeros(large.Data.Slice((n * large.Shape.H + row) * large.Shape.W * _largeChannels, large.Shape.W * _largeChannels), width);
            if (IsDepthwise)
            {
                AddDepthwise(smallRow, ky);
            }
            else
            {
                AddTiles(width, ky);
            }
        }
    }

    /// <summary>Regroups a row to panels of four channels: [group][panel][pixel][4].</summary>
    private void PackPanels(ReadOnlySpan<float> row)
    {
        int width = row.Length / _smallChannels;
        for (int group = 0; group < _spec.Groups; group++)
        {
            for (int panel = 0; panel < _panels; panel++)
            {
                Span<float> target = _panelRow.Span.Slice((group * _panels + panel) * width * WeightGradientTile.Rows, width * WeightGradientTile.Rows);
                int first = panel * WeightGradientTile.Rows;
                int count = Math.Min(WeightGradientTile.Rows, _groupSmall - first);
                if (count < WeightGradientTile.Rows)
                {
                    target.Clear();
                }

                int source = group * _groupSmall + first;
                for (int x = 0; x < width; x++)
                {
                    row.Slice(x * _smallChannels + source, count).CopyTo(target[(x * WeightGradientTile.Rows)..]);
                }
            }
        }
    }

    /// <summary>Copies the part of a row that is read; the zeros around it stay from the start.</summary>
    private void CopyBetweenZeros(ReadOnlySpan<float> row, int smallWidth)
    {
        int first = _spec.PaddingWidth * _largeChannels;
        int count = Math.Min(row.Length, ReachedColumns(smallWidth) * _largeChannels - first);
        if (count > 0)
        {
            row[..count].CopyTo(_largeRow.Span[first..]);
        }
    }

    private void AddTiles(int width, int ky)
    {
        nint step = (nint)_spec.StrideWidth * _largeChannels;
        float* sums = _sums.Pointer + (nint)ky * _spec.Groups * _segments * SegmentSums;
        for (int group = 0; group < _spec.Groups; group++)
        {
            float* panels = _panelRow.Pointer + (nint)group * _panels * width * WeightGradientTile.Rows;
            for (int segment = 0; segment < _segments; segment++)
            {
                float* lanes = _largeRow.Pointer + (nint)segment * _spec.DilationWidth * _largeChannels + group * _groupLarge;
                for (int vector = 0; vector < _vectors; vector += WeightGradientTile.MaxVectors)
                {
                    int count = Math.Min(WeightGradientTile.MaxVectors, _vectors - vector);
                    for (int panel = 0; panel < _panels; panel++)
                    {
                        WeightGradientTile.Run(
                            count,
                            panels + (nint)panel * width * WeightGradientTile.Rows,
                            lanes + vector * Vector<float>.Count,
                            step,
                            width,
                            sums);
                        sums += WeightGradientTile.Rows * count * Vector<float>.Count;
                    }
                }
            }
        }
    }

    private void AddDepthwise(ReadOnlySpan<float> smallRow, int ky)
    {
        int width = smallRow.Length / _smallChannels;
        for (int kx = 0; kx < _spec.KernelWidth; kx++)
        {
            Span<float> sums = _sums.Span.Slice((ky * _spec.KernelWidth + kx) * _smallChannels, _smallChannels);
            for (int x = 0; x < width; x++)
            {
                ReadOnlySpan<float> large = _largeRow.Span.Slice((x * _spec.StrideWidth + kx * _spec.DilationWidth) * _largeChannels, _largeChannels);
                MultiplyAdd(smallRow.Slice(x * _smallChannels, _smallChannels), large, sums);
            }
        }
    }

    private static void MultiplyAdd(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> sums)
    {
        int i = 0;
        for (; i <= sums.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.FusedMultiplyAdd(new Vector<float>(a[i..]), new Vector<float>(b[i..]), new Vector<float>(sums[i..])).CopyTo(sums[i..]);
        }

        for (; i < sums.Length; i++)
        {
            sums[i] = MathF.FusedMultiplyAdd(a[i], b[i], sums[i]);
        }
    }

    private void Unpack(Span<float> gradient)
    {
        int taps = _spec.KernelHeight * _spec.KernelWidth;
        for (int small = 0; small < _smallChannels; small++)
        {
            for (int large = 0; large < _groupLarge; large++)
            {
                Span<float> target = gradient.Slice((small * _groupLarge + large) * taps, taps);
                for (int tap = 0; tap < taps; tap++)
                {
                    (int ky, int kx) = Math.DivRem(tap, _spec.KernelWidth);
                    target[tap] += _sums.Span[SumIndex(small, large, ky, kx)];
                }
            }
        }
    }

    private int SumIndex(int small, int large, int ky, int kx)
    {
        if (IsDepthwise)
        {
            return (ky * _spec.KernelWidth + kx) * _smallChannels + small;
        }

        (int group, int channel) = Math.DivRem(small, _groupSmall);
        (int panel, int row) = Math.DivRem(channel, WeightGradientTile.Rows);
        (int segment, int lane) = _segments == 1 ? (0, kx * _largeChannels + large) : (kx, large);
        int block = lane / Vector<float>.Count / WeightGradientTile.MaxVectors * WeightGradientTile.MaxVectors;
        int blockVectors = Math.Min(WeightGradientTile.MaxVectors, _vectors - block);
        int first = ((ky * _spec.Groups + group) * _segments + segment) * SegmentSums + block * Vector<float>.Count * _panels * WeightGradientTile.Rows;
        return first + (panel * WeightGradientTile.Rows + row) * blockVectors * Vector<float>.Count + lane - block * Vector<float>.Count;
    }
}
