using System;

namespace Kernels.Quantization;

/// <summary>
/// Leaves out the most extreme values: the range from the percentile <c>100 - percentile</c> to the percentile
/// <c>percentile</c> of everything observed, read from a histogram and interpolated within a bin. PyTorch has no such observer.
/// NaN is an error; infinities are skipped.
/// </summary>
public sealed class PercentileObserver : DistributionObserver
{
    /// <summary>Makes an observer.</summary>
    /// <param name="percentile">The upper percentile: above 50, at most 100, which keeps everything.</param>
    /// <param name="settings">Type, scheme and range of the codes; quint8 affine when left out.</param>
    /// <param name="bins">Number of bins, 2 to 1048576.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public PercentileObserver(double percentile = 99.99, ObserverSettings? settings = null, int bins = DefaultBins)
        : base(bins, HistogramRevision.PyTorch2, settings) => Percentile = percentile is > 50 and <= 100
            ? percentile
            : throw new ArgumentOutOfRangeException(nameof(percentile), percentile, "A percentile must be above 50 and at most 100.");

    /// <summary>The upper percentile.</summary>
    public double Percentile { get; }

    /// <inheritdoc/>
    protected override void MergeCore(Observer other)
    {
        if (((PercentileObserver)other).Percentile != Percentile)
        {
            throw new ArgumentException("Only observers of the same percentile can be merged.", nameof(other));
        }

        base.MergeCore(other);
    }

    private protected override ValueRange Choose(ReadOnlySpan<float> counts, ValueRange range)
    {
        if (Percentile == 100)
        {
            return range;
        }

        double total = 0;
        foreach (float count in counts)
        {
            total += count;
        }

        double tail = total * (100 - Percentile) / 100;
        double width = ((double)range.Max - range.Min) / counts.Length;
        return new ValueRange(
            (float)Math.Min(range.Min + Position(counts, tail, fromEnd: false) * width, range.Max),
            (float)Math.Max(range.Max - Position(counts, tail, fromEnd: true) * width, range.Min));
    }

    // Bins from one end until their counts reach the tail, the last one in part.
    private static double Position(ReadOnlySpan<float> counts, double tail, bool fromEnd)
    {
        double sum = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            float count = counts[fromEnd ? counts.Length - 1 - i : i];
            if (sum + count > tail)
            {
                return i + (tail - sum) / count;
            }

            sum += count;
        }

        // Nothing lies beyond the tail on this side: keep everything.
        return 0;
    }
}
