using System;

namespace Kernels.Quantization;

/// <summary>
/// PyTorch's <c>MovingAverageMinMaxObserver</c>: the range of the first batch, moved towards that of each further one by
/// <c>x += averaging_constant * (batch - x)</c> in float32. NaN and infinity are errors.
/// </summary>
/// <remarks>Merging averages two observers, weighted by their batches: the order of batches on several threads has no meaning.</remarks>
public sealed class MovingAverageMinMaxObserver : RangeObserver
{
    /// <summary>PyTorch's default, 0.01.</summary>
    public const float DefaultAveragingConstant = 0.01f;

    /// <summary>Makes an observer.</summary>
    /// <param name="averagingConstant">Weight of each new batch: above 0, at most 1.</param>
    /// <param name="settings">Type, scheme and range of the codes; quint8 affine when left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">The constant is out of range.</exception>
    public MovingAverageMinMaxObserver(float averagingConstant = DefaultAveragingConstant, ObserverSettings? settings = null)
        : base(settings) => AveragingConstant = CheckedConstant(averagingConstant);

    /// <summary>Weight of each new batch.</summary>
    public float AveragingConstant { get; }

    /// <inheritdoc/>
    protected override void MergeCore(Observer other)
    {
        if (((MovingAverageMinMaxObserver)other).AveragingConstant != AveragingConstant)
        {
            throw new ArgumentException("Only moving averages with the same averaging constant can be merged.", nameof(other));
        }

        base.MergeCore(other);
    }

    internal static float CheckedConstant(float averagingConstant) => averagingConstant is > 0 and <= 1
        ? averagingConstant
        : throw new ArgumentOutOfRangeException(nameof(averagingConstant), averagingConstant, "An averaging constant must be above 0 and at most 1.");

    internal static ValueRange Moved(ValueRange seen, ValueRange batch, float constant) =>
        new(seen.Min + constant * (batch.Min - seen.Min), seen.Max + constant * (batch.Max - seen.Max));

    internal static ValueRange Averaged(ValueRange a, long aBatches, ValueRange b, long bBatches)
    {
        double total = aBatches + bBatches;
        return new((float)((a.Min * aBatches + b.Min * (double)bBatches) / total), (float)((a.Max * aBatches + b.Max * (double)bBatches) / total));
    }

    private protected override ValueRange Next(ValueRange seen, ValueRange batch) => Moved(seen, batch, AveragingConstant);

    private protected override ValueRange Merged(ValueRange a, long aBatches, ValueRange b, long bBatches) => Averaged(a, aBatches, b, bBatches);
}
