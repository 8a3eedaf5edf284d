using System;

namespace Kernels.Quantization;

/// <summary>
/// PyTorch's <c>PerChannelMinMaxObserver</c>: the range of everything observed in each channel. NaN and infinity are errors.
/// </summary>
/// <param name="channelAxis">PyTorch's <c>ch_axis</c>: the dimension of observed tensors, in NCHW order, that counts channels.</param>
/// <param name="settings">Type, scheme and range of the codes; quint8 affine when left out.</param>
public sealed class PerChannelMinMaxObserver(int channelAxis = 0, ObserverSettings? settings = null) : IPerChannelObserver
{
    private ValueRange[] _ranges = [];

    /// <inheritdoc/>
    public ObserverSettings Settings { get; } = (settings ?? ObserverSettings.Activation).Checked();

    /// <summary>PyTorch's <c>ch_axis</c>: 0 to 3.</summary>
    public int ChannelAxis { get; } = channelAxis is >= 0 and <= 3
        ? channelAxis
        : throw new ArgumentOutOfRangeException(nameof(channelAxis), channelAxis, "A channel axis must be 0 to 3.");

    /// <inheritdoc/>
    public bool HasObserved => _ranges.Length > 0;

    /// <inheritdoc/>
    /// <remarks>Always refused: the values alone do not say which channels they belong to.</remarks>
    public void Observe(ReadOnlySpan<float> values) =>
        throw new InvalidOperationException("A per-channel observer needs to know channels: give it a tensor, weights or a layout.");

    /// <inheritdoc/>
    public void Observe(FloatTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Observe(tensor.Data, ChannelLayout.Activation(tensor.Shape, ChannelAxis));
    }

    /// <inheritdoc/>
    public void Observe(ReadOnlySpan<float> values, ChannelLayout layout)
    {
        ValueRange[] ranges = ChannelRanges.Of(values, layout);
        if (HasObserved)
        {
            if (ranges.Length != _ranges.Length)
            {
                throw new ArgumentException($"The observer has seen {_ranges.Length} channels, but this batch has {ranges.Length}.", nameof(layout));
            }

            for (int c = 0; c < ranges.Length; c++)
            {
                ranges[c] = ranges[c].Union(_ranges[c]);
            }
        }

        _ranges = ranges;
    }

    /// <inheritdoc/>
    public QuantizationParameters CalculateQuantizationParameters() => _ranges.Length <= 1
        ? CalculateChannelQuantizationParameters()[0]
        : throw new InvalidOperationException("A per-channel observer has a scale for each channel: use CalculateChannelQuantizationParameters.");

    /// <inheritdoc/>
    public QuantizationParameters[] CalculateChannelQuantizationParameters() => HasObserved
        ? Array.ConvertAll(_ranges, range => Settings.Calculate(range.Min, range.Max))
        : [new QuantizationParameters(1, 0)];

    /// <inheritdoc/>
    public void Reset() => _ranges = [];
}
