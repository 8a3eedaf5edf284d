using System;

namespace Kernels.Quantization;

/// <summary>
/// PyTorch's <c>MinMaxObserver</c>: the range of everything observed. NaN and infinity are errors (PyTorch fails when it
/// calculates from NaN, and gives an infinite scale for infinity).
/// </summary>
/// <param name="settings">Type, scheme and range of the codes; quint8 affine when left out.</param>
public sealed class MinMaxObserver(ObserverSettings? settings = null) : IObserver
{
    private ValueRange _range = ValueRange.Empty;

    /// <inheritdoc/>
    public ObserverSettings Settings { get; } = (settings ?? ObserverSettings.Activation).Checked();

    /// <inheritdoc/>
    public bool HasObserved => !_range.IsEmpty;

    /// <summary>The least value observed; positive infinity when none was.</summary>
    public float MinVal => _range.Min;

    /// <summary>The greatest value observed; negative infinity when none was.</summary>
    public float MaxVal => _range.Max;

    /// <inheritdoc/>
    public void Observe(ReadOnlySpan<float> values) => _range = _range.Union(ValueRange.Of(values));

    /// <inheritdoc/>
    public void Observe(FloatTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Observe(tensor.Data);
    }

    /// <inheritdoc/>
    public QuantizationParameters CalculateQuantizationParameters() =>
        HasObserved ? Settings.Calculate(MinVal, MaxVal) : new QuantizationParameters(1, 0);

    /// <inheritdoc/>
    public void Reset() => _range = ValueRange.Empty;
}
