using System;
using System.IO;
using Kernels.Models;

namespace Kernels.Quantization;

/// <summary>
/// An observer that keeps a histogram and chooses a range from it. NaN is an error; infinities are skipped, as PyTorch does.
/// </summary>
public abstract class DistributionObserver : Observer
{
    /// <summary>PyTorch's number of bins, 2048.</summary>
    public const int DefaultBins = 2048;

    private readonly ValueHistogram _histogram;

    private protected DistributionObserver(int bins, HistogramRevision revision, ObserverSettings? settings)
        : base(settings) => _histogram = new ValueHistogram(bins, revision);

    /// <inheritdoc/>
    public override bool HasObserved => !_histogram.Range.IsEmpty;

    /// <summary>The number of bins.</summary>
    public int Bins => _histogram.Counts.Length;

    /// <summary>Values in each bin, from <see cref="MinVal"/> to <see cref="MaxVal"/>; fractions where bins were divided.</summary>
    public ReadOnlySpan<float> Histogram => _histogram.Counts;

    /// <summary>The lower bound of the first bin; positive infinity when nothing was observed.</summary>
    public float MinVal => _histogram.Range.Min;

    /// <summary>The upper bound of the last bin; negative infinity when nothing was observed.</summary>
    public float MaxVal => _histogram.Range.Max;

    /// <inheritdoc/>
    public override void Observe(ReadOnlySpan<float> values) => _histogram.Add(values);

    /// <inheritdoc/>
    public override QuantizationParameters CalculateQuantizationParameters()
    {
        if (!HasObserved)
        {
            return new QuantizationParameters(1, 0);
        }

        ValueRange range = Choose(_histogram.Counts, _histogram.Range);
        return Settings.Calculate(range.Min, range.Max);
    }

    /// <inheritdoc/>
    public override void Reset() => _histogram.Reset();

    /// <inheritdoc/>
    public override void SaveState(SafetensorsWriter writer, string prefix)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Add(prefix + "min_val", [], [MinVal]);
        writer.Add(prefix + "max_val", [], [MaxVal]);
        writer.Add(prefix + "histogram", [Bins], Histogram);
    }

    /// <inheritdoc/>
    public override void LoadState(SafetensorsFile file, string prefix)
    {
        ValueRange range = ObserverState.Range(
            ObserverState.Singles(file, prefix + "min_val", 1)[0],
            ObserverState.Singles(file, prefix + "max_val", 1)[0],
            prefix);
        float[] counts = ObserverState.Singles(file, prefix + "histogram", Bins);
        if (Array.Exists(counts, static c => !float.IsFinite(c)))
        {
            throw new InvalidDataException($"The saved observer {SafetensorsFile.Quote(prefix)} has a count that is not finite.");
        }

        _histogram.Load(range, counts);
    }

    /// <inheritdoc/>
    protected override void MergeCore(Observer other)
    {
        var distribution = (DistributionObserver)other;
        if (distribution.Bins != Bins)
        {
            throw new ArgumentException($"Only histograms with the same number of bins can be merged, but these have {Bins} and {distribution.Bins}.", nameof(other));
        }

        _histogram.Merge(distribution._histogram);
    }

    private protected abstract ValueRange Choose(ReadOnlySpan<float> counts, ValueRange range);
}
