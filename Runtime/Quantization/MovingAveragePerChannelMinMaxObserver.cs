using System;

namespace Kernels.Quantization;

/// <summary>
/// PyTorch's <c>MovingAveragePerChannelMinMaxObserver</c>: <see cref="MovingAverageMinMaxObserver"/> for each channel.
/// NaN and infinity are errors.
/// </summary>
public sealed class MovingAveragePerChannelMinMaxObserver : PerChannelObserver
{
    /// <summary>Makes an observer.</summary>
    /// <param name="averagingConstant">Weight of each new batch: above 0, at most 1.</param>
    /// <param name="channelAxis">PyTorch's <c>ch_axis</c>: the dimension of observed tensors, in NCHW order, that counts channels.</param>
    /// <param name="settings">Type, scheme and range of the codes; quint8 affine when left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">The constant or the axis is out of range.</exception>
    public MovingAveragePerChannelMinMaxObserver(
        float averagingConstant = MovingAverageMinMaxObserver.DefaultAveragingConstant,
        int channelAxis = 0,
        ObserverSettings? settings = null)
        : base(channelAxis, settings) => AveragingConstant = MovingAverageMinMaxObserver.CheckedConstant(averagingConstant);

    /// <summary>Weight of each new batch.</summary>
    public float AveragingConstant { get; }

    /// <inheritdoc/>
    protected override void MergeCore(Observer other)
    {
        if (((MovingAveragePerChannelMinMaxObserver)other).AveragingConstant != AveragingConstant)
        {
            throw new ArgumentException("Only moving averages with the same averaging constant can be merged.", nameof(other));
        }

        base.MergeCore(other);
    }

    private protected override ValueRange Next(ValueRange seen, ValueRange batch) => MovingAverageMinMaxObserver.Moved(seen, batch, AveragingConstant);

    private protected override ValueRange Merged(ValueRange a, long aBatches, ValueRange b, long bBatches) =>
        MovingAverageMinMaxObserver.Averaged(a, aBatches, b, bBatches);
}
