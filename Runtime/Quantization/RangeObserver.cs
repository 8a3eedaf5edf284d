using System;
using System.IO;
using Kernels.Models;

namespace Kernels.Quantization;

/// <summary>An observer that keeps one least and one greatest value. NaN and infinity are errors.</summary>
public abstract class RangeObserver : Observer
{
    private ValueRange _range = ValueRange.Empty;

    private protected RangeObserver(ObserverSettings? settings)
        : base(settings)
    {
    }

    /// <inheritdoc/>
    public override bool HasObserved => !_range.IsEmpty;

    /// <summary>The least value; positive infinity when nothing was observed.</summary>
    public float MinVal => _range.Min;

    /// <summary>The greatest value; negative infinity when nothing was observed.</summary>
    public float MaxVal => _range.Max;

    /// <summary>Batches observed, those of merged observers included.</summary>
    public long Batches { get; private set; }

    /// <inheritdoc/>
    public override void Observe(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        ValueRange batch = ValueRange.Of(values);
        _range = HasObserved ? Next(_range, batch) : batch;
        Batches++;
    }

    /// <inheritdoc/>
    public override QuantizationParameters CalculateQuantizationParameters() =>
        HasObserved ? Settings.Calculate(MinVal, MaxVal) : new QuantizationParameters(1, 0);

    /// <inheritdoc/>
    public override void Reset()
    {
        _range = ValueRange.Empty;
        Batches = 0;
    }

    /// <inheritdoc/>
    public override void SaveState(SafetensorsWriter writer, string prefix)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Add(prefix + "min_val", [], [MinVal]);
        writer.Add(prefix + "max_val", [], [MaxVal]);
        writer.Add(prefix + "num_batches", [], [Batches]);
    }

    /// <inheritdoc/>
    public override void LoadState(SafetensorsFile file, string prefix)
    {
        ValueRange range = ObserverState.Range(
            ObserverState.Singles(file, prefix + "min_val", 1)[0],
            ObserverState.Singles(file, prefix + "max_val", 1)[0],
            prefix);
        long batches = ObserverState.Batches(file, prefix + "num_batches");
        if (range.IsEmpty != (batches == 0))
        {
            throw new InvalidDataException($"The saved observer {SafetensorsFile.Quote(prefix)} has seen {batches} batches, which does not fit its range.");
        }

        (_range, Batches) = (range, batches);
    }

    /// <inheritdoc/>
    protected override void MergeCore(Observer other)
    {
        var range = (RangeObserver)other;
        if (range.HasObserved)
        {
            _range = HasObserved ? Merged(_range, Batches, range._range, range.Batches) : range._range;
            Batches += range.Batches;
        }
    }

    private protected abstract ValueRange Next(ValueRange seen, ValueRange batch);

    private protected abstract ValueRange Merged(ValueRange a, long aBatches, ValueRange b, long bBatches);
}
