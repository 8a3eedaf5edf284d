namespace Kernels.Quantization;

/// <summary>Which PyTorch's <c>HistogramObserver</c> to follow when a batch is added to the histogram.</summary>
public enum HistogramRevision
{
    /// <summary>
    /// PyTorch 1.13, whose numbers the reference data has. It cuts the bounds that it bins between to whole numbers (so values
    /// beyond them are lost), forgets a constant first batch, and keeps float32 noise of cumulative sums in the bins.
    /// </summary>
    PyTorch1,

    /// <summary>
    /// PyTorch since 2.5: bins between the true bounds, and moves old counts to a wider range by the centres of sixteenths of bins.
    /// </summary>
    PyTorch2,
}
