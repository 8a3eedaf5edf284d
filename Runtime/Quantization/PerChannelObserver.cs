using System;
using System.IO;
using Kernels.Models;

namespace Kernels.Quantization;

/// <summary>An observer that keeps one least and one greatest value for each channel. NaN and infinity are errors.</summary>
public abstract class PerChannelObserver : Observer, IPerChannelObserver
{
    private ValueRange[] _ranges = [];

    private protected PerChannelObserver(int channelAxis, ObserverSettings? settings)
        : base(settings) => ChannelAxis = channelAxis is >= 0 and <= 3
            ? channelAxis
            : throw new ArgumentOutOfRangeException(nameof(channelAxis), channelAxis, "A channel axis must be 0 to 3.");

    /// <inheritdoc/>
    public int ChannelAxis { get; }

    /// <summary>Channels; 0 when nothing was observed.</summary>
    public int Channels => _ranges.Length;

    /// <summary>Batches observed, those of merged observers included.</summary>
    public long Batches { get; private set; }

    /// <inheritdoc/>
    public override bool HasObserved => _ranges.Length > 0;

    /// <inheritdoc/>
    /// <remarks>Always refused: the values alone do not say which channels they belong to.</remarks>
    public override void Observe(ReadOnlySpan<float> values) =>
        throw new InvalidOperationException("A per-channel observer needs to know channels: give it a tensor, or values with a layout.");

    /// <inheritdoc/>
    public override void Observe(FloatTensor tensor)
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
            CheckChannels(ranges.Length);
            for (int c = 0; c < ranges.Length; c++)
            {
                ranges[c] = Next(_ranges[c], ranges[c]);
            }
        }

        _ranges = ranges;
        Batches++;
    }

    /// <summary>The least and greatest value of a channel.</summary>
    /// <param name="channel">The channel: 0 to <see cref="Channels"/> - 1.</param>
    /// <returns>The range.</returns>
    public (float MinVal, float MaxVal) Range(int channel) => (_ranges[channel].Min, _ranges[channel].Max);

    /// <inheritdoc/>
    public override QuantizationParameters CalculateQuantizationParameters() => _ranges.Length <= 1
        ? CalculateChannelQuantizationParameters()[0]
        : throw new InvalidOperationException("A per-channel observer has a scale for each channel: use CalculateChannelQuantizationParameters.");

    /// <inheritdoc/>
    public QuantizationParameters[] CalculateChannelQuantizationParameters() => HasObserved
        ? Array.ConvertAll(_ranges, range => Settings.Calculate(range.Min, range.Max))
        : [new QuantizationParameters(1, 0)];

    /// <inheritdoc/>
    public override void Reset()
    {
        _ranges = [];
        Batches = 0;
    }

    /// <inheritdoc/>
    public override void SaveState(SafetensorsWriter writer, string prefix)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Add(prefix + "min_val", [Channels], Array.ConvertAll(_ranges, static r => r.Min));
        writer.Add(prefix + "max_val", [Channels], Array.ConvertAll(_ranges, static r => r.Max));
        writer.Add(prefix + "num_batches", [], [Batches]);
    }

    /// <inheritdoc/>
    public override void LoadState(SafetensorsFile file, string prefix)
    {
        float[] min = ObserverState.Require(file, prefix + "min_val").ToSingles();
        float[] max = ObserverState.Singles(file, prefix + "max_val", min.Length);
        long batches = ObserverState.Batches(file, prefix + "num_batches");
        var ranges = new ValueRange[min.Length];
        for (int c = 0; c < ranges.Length; c++)
        {
            ranges[c] = ObserverState.Range(min[c], max[c], prefix);
        }

        if ((ranges.Length == 0) != (batches == 0) || Array.Exists(ranges, static r => r.IsEmpty))
        {
            throw new InvalidDataException($"The saved observer {SafetensorsFile.Quote(prefix)} has seen {batches} batches, which does not fit its ranges.");
        }

        (_ranges, Batches) = (ranges, batches);
    }

    /// <inheritdoc/>
    protected override void MergeCore(Observer other)
    {
        var channels = (PerChannelObserver)other;
        if (channels.ChannelAxis != ChannelAxis)
        {
            throw new ArgumentException($"Only observers of the same channel axis can be merged, but these have {ChannelAxis} and {channels.ChannelAxis}.", nameof(other));
        }

        if (!channels.HasObserved)
        {
            return;
        }

        var merged = (ValueRange[])channels._ranges.Clone();
        if (HasObserved)
        {
            CheckChannels(merged.Length);
            for (int c = 0; c < merged.Length; c++)
            {
                merged[c] = Merged(_ranges[c], Batches, merged[c], channels.Batches);
            }
        }

        _ranges = merged;
        Batches += channels.Batches;
    }

    private protected abstract ValueRange Next(ValueRange seen, ValueRange batch);

    private protected abstract ValueRange Merged(ValueRange a, long aBatches, ValueRange b, long bBatches);

    private void CheckChannels(int channels)
    {
        if (channels != _ranges.Length)
        {
            throw new ArgumentException($"The observer has seen {_ranges.Length} channels, but now there are {channels}.");
        }
    }
}
