using System;
using System.Numerics;

namespace Kernels.Quantization;

/// <summary>Counts values in bins of equal width, as <c>torch.histc</c> does. Every vector width gives the same counts.</summary>
internal sealed class HistogramBinning
{
    // Neighbouring values often fall into the same bin; counting them in separate tables keeps one increment from waiting for the other.
    private const int Tables = 4;
    private const int Block = 512;

    private readonly int _bins;
    private readonly int[] _tables;

    public HistogramBinning(int bins)
    {
        _bins = bins;
        // One more bin takes what lies outside the bounds.
        _tables = new int[Tables * (bins + 1)];
    }

    /// <summary>
    /// Adds the counts of the finite values within the bounds, both included. Bin <c>floor((x - low) * bins / (high - low))</c>, float32;
    /// the upper bound falls into the last bin. Equal bounds become 1 less and 1 more.
    /// </summary>
    public void Add(ReadOnlySpan<float> values, float low, float high, Span<float> counts)
    {
        if (low == high)
        {
            low--;
            high++;
        }

        Array.Clear(_tables);
        if (float.IsFinite((high - low) * _bins) && low < high)
        {
            Span<int> bins = stackalloc int[Block];
            while (!values.IsEmpty)
            {
                int length = Math.Min(Block, values.Length);
                Find(values[..length], low, high, bins);
                Count(bins[..length]);
                values = values[length..];
            }
        }
        else
        {
            AddWide(values, low, high);
        }

        int stride = _bins + 1;
        for (int bin = 0; bin < _bins; bin++)
        {
            counts[bin] += _tables[bin] + _tables[stride + bin] + _tables[2 * stride + bin] + _tables[3 * stride + bin];
        }
    }

    private void Find(ReadOnlySpan<float> values, float low, float high, Span<int> bins)
    {
        float width = high - low;
        int i = 0;
        var last = new Vector<float>(_bins - 1);
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var x = new Vector<float>(values[i..]);
            Vector<int> inside = Vector.GreaterThanOrEqual(x, new Vector<float>(low)) & Vector.LessThanOrEqual(x, new Vector<float>(high));
            Vector<float> position = Vector.MinNative((x - new Vector<float>(low)) * new Vector<float>((float)_bins) / new Vector<float>(width), last);
            // What is outside gets a bin that the conversion of its position, whatever that is, does not reach.
            Vector.ConditionalSelect(inside, Vector.ConvertToInt32Native(position), new Vector<int>(_bins)).CopyTo(bins[i..]);
        }

        for (; i < values.Length; i++)
        {
            float x = values[i];
            bins[i] = x >= low && x <= high ? (int)MathF.Min((x - low) * _bins / width, _bins - 1) : _bins;
        }
    }

    private void Count(ReadOnlySpan<int> bins)
    {
        int stride = _bins + 1;
        Span<int> a = _tables.AsSpan(0, stride);
        Span<int> b = _tables.AsSpan(stride, stride);
        Span<int> c = _tables.AsSpan(2 * stride, stride);
        Span<int> d = _tables.AsSpan(3 * stride, stride);
        int i = 0;
        for (; i <= bins.Length - Tables; i += Tables)
        {
            a[bins[i]]++;
            b[bins[i + 1]]++;
            c[bins[i + 2]]++;
            d[bins[i + 3]]++;
        }

        for (; i < bins.Length; i++)
        {
            a[bins[i]]++;
        }
    }

    // Bounds so far apart, or so large, that float32 cannot hold their distance.
    private void AddWide(ReadOnlySpan<float> values, float low, float high)
    {
        double width = Math.Max((double)high - low, double.Epsilon);
        foreach (float x in values)
        {
            int bin = x >= low && x <= high ? (int)Math.Min(((double)x - low) * _bins / width, _bins - 1) : _bins;
            _tables[bin]++;
        }
    }
}
