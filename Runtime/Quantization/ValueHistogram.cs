using System;

namespace Kernels.Quantization;

/// <summary>A histogram whose range grows with the values. NaN is an error; infinities are skipped, as PyTorch does.</summary>
internal sealed class ValueHistogram
{
    // PyTorch's upsample_rate: parts of an old bin that are moved each on its own.
    private const int FineParts = 16;
    private const int LegacyUpsampleRate = 128;

    private readonly HistogramBinning _binning;
    private readonly HistogramRevision _revision;
    private float[] _counts;
    private float[] _spare;

    public ValueHistogram(int bins, HistogramRevision revision)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        // Counts stay exact and positions representable in float32.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, 1 << 20);
        _binning = new HistogramBinning(bins);
        _revision = revision;
        _counts = new float[bins];
        _spare = new float[bins];
    }

    /// <summary>The least and greatest value that the bins span.</summary>
    public ValueRange Range { get; private set; } = ValueRange.Empty;

    /// <summary>Values in each bin; fractions where bins were divided.</summary>
    public ReadOnlySpan<float> Counts => _counts;

    public void Add(ReadOnlySpan<float> values)
    {
        ValueRange batch = ValueRange.OfFinite(values);
        if (batch.IsEmpty)
        {
            return;
        }

        if (_revision == HistogramRevision.PyTorch1)
        {
            AddLegacy(values, batch);
        }
        else
        {
            Widen(Range.Union(batch));
            _binning.Add(values, Range.Min, Range.Max, _counts);
        }
    }

    public void Merge(ValueHistogram other)
    {
        if (other.Range.IsEmpty)
        {
            return;
        }

        Widen(Range.Union(other.Range));
        Move(other._counts, other.Range, _counts, Range);
    }

    public void Reset()
    {
        Range = ValueRange.Empty;
        Array.Clear(_counts);
    }

    public void Load(ValueRange range, float[] counts) => (Range, _counts) = (range, counts);

    private void Widen(ValueRange range)
    {
        if (Range != range)
        {
            if (!Range.IsEmpty)
            {
                Array.Clear(_spare);
                Move(_counts, Range, _spare, range);
                (_counts, _spare) = (_spare, _counts);
            }

            Range = range;
        }
    }

    /// <summary>Adds the counts of one range to the bins of another that contains it.</summary>
    private static void Move(ReadOnlySpan<float> from, ValueRange fromRange, Span<float> to, ValueRange toRange)
    {
        if (fromRange == toRange)
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] += from[i];
            }

            return;
        }

        double width = ((double)fromRange.Max - fromRange.Min) / from.Length;
        double binsPerUnit = to.Length / ((double)toRange.Max - toRange.Min);
        // A constant so far is one value, which needs no fine parts.
        int parts = width > 0 ? FineParts : 1;
        for (int i = 0; i < from.Length; i++)
        {
            if (from[i] == 0)
            {
                continue;
            }

            float share = from[i] / parts;
            for (int part = 0; part < parts; part++)
            {
                double centre = fromRange.Min + (i + (part + 0.5) / parts) * width;
                to[Math.Clamp((int)((centre - toRange.Min) * binsPerUnit), 0, to.Length - 1)] += share;
            }
        }
    }

    // Float32 throughout and in PyTorch 1.13's order: the search that follows reacts to the last bit of nearly empty bins.
    private void AddLegacy(ReadOnlySpan<float> values, ValueRange batch)
    {
        if (Range.IsEmpty || Range.Min == Range.Max)
        {
            Range = batch;
            Array.Clear(_counts);
            AddTruncated(values, batch, batch, _counts);
            return;
        }

        int bins = _counts.Length;
        ValueRange combined = Range.Union(batch);
        float fineWidth = (Range.Max - Range.Min) / (bins * LegacyUpsampleRate);
        float rate = MathF.Ceiling((combined.Max - combined.Min) / (bins * fineWidth));
        if (!(rate <= 1 << 24) || !(fineWidth > 0))
        {
            // PyTorch runs out of memory here; the bins are so much wider than the old range that all of it falls into one.
            Widen(combined);
            AddTruncated(values, combined, batch, _counts);
            return;
        }

        float excess = rate * (bins * fineWidth) - (combined.Max - combined.Min);
        combined = new ValueRange(combined.Min, combined.Max + excess);
        if (combined == Range)
        {
            AddTruncated(values, combined, batch, _counts);
            return;
        }

        Array.Clear(_spare);
        AddTruncated(values, combined, batch, _spare);
        MoveLegacy((long)rate, (long)MathF.Round((Range.Min - combined.Min) / fineWidth));
        (_counts, _spare) = (_spare, _counts);
        Range = combined;
    }

    private void AddTruncated(ReadOnlySpan<float> values, ValueRange bounds, ValueRange batch, Span<float> counts)
    {
        (float low, float high) = (MathF.Truncate(bounds.Min), MathF.Truncate(bounds.Max));
        if (low == high)
        {
            (low, high) = (batch.Min, batch.Max);
        }

        _binning.Add(values, low, high, counts);
    }

    // Each old bin is LegacyUpsampleRate fine bins of its count; `rate` fine bins make a new one, from which a cumulative sum is
    // taken, rounded to float32 at one end only.
    private void MoveLegacy(long rate, long start)
    {
        int bins = _counts.Length;
        var sums = new double[bins];
        for (int i = 0; i < bins; i++)
        {
            long position = start + (long)i * LegacyUpsampleRate;
            long end = position + LegacyUpsampleRate;
            while (position < end)
            {
                long bin = position / rate;
                long next = Math.Min(end, (bin + 1) * rate);
                sums[Math.Clamp(bin, 0, bins - 1)] += _counts[i] * (double)(next - position);
                position = next;
            }
        }

        double integral = 0;
        float before = 0;
        for (int i = 0; i < bins; i++)
        {
            integral += sums[i];
            _spare[i] += (float)((integral - before) / LegacyUpsampleRate);
            before = (float)integral;
        }
    }
}
