using System;

namespace Kernels.Quantization;

/// <summary>
/// PyTorch's <c>HistogramObserver</c>: a histogram of everything observed, and the search for the range whose 256 steps give
/// the least estimated squared error. NaN is an error; infinities are skipped, as PyTorch does.
/// </summary>
public sealed class HistogramObserver : DistributionObserver
{
    /// <summary>Makes an observer.</summary>
    /// <param name="settings">Type, scheme and range of the codes; quint8 affine when left out.</param>
    /// <param name="bins">Number of bins, 2 to 1048576.</param>
    /// <param name="revision">Which PyTorch's numbers to give; see <see cref="HistogramRevision"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of bins is out of range.</exception>
    public HistogramObserver(ObserverSettings? settings = null, int bins = DefaultBins, HistogramRevision revision = HistogramRevision.PyTorch1)
        : base(bins, revision, settings) => Revision = revision;

    /// <summary>Which PyTorch's numbers the observer gives.</summary>
    public HistogramRevision Revision { get; }

    private protected override ValueRange Choose(ReadOnlySpan<float> counts, ValueRange range) => HistogramRangeSearch.Search(counts, range);
}
