using System;
using Kernels.Models;

namespace Kernels.Quantization;

/// <summary>
/// PyTorch's <c>FixedQParamsObserver</c>: scale and zero point are known before anything is observed, as for sigmoid and tanh.
/// Whatever it is shown, NaN and infinity included, changes nothing; it has no state.
/// </summary>
public sealed class FixedQParamsObserver : Observer
{
    private readonly QuantizationParameters _parameters;

    /// <summary>Makes an observer.</summary>
    /// <param name="scale">Size of one step: positive and finite.</param>
    /// <param name="zeroPoint">The code of 0, within the settings' range.</param>
    /// <param name="settings">Type and range of the codes; quint8 affine when left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">Scale or zero point is out of range.</exception>
    public FixedQParamsObserver(float scale, int zeroPoint, ObserverSettings? settings = null)
        : base(settings)
    {
        if (zeroPoint < Settings.Lowest || zeroPoint > Settings.Highest)
        {
            throw new ArgumentOutOfRangeException(nameof(zeroPoint), zeroPoint, $"The zero point must be {Settings.Lowest} to {Settings.Highest}.");
        }

        _parameters = new QuantizationParameters(scale, zeroPoint);
    }

    /// <summary>Always true: nothing has to be observed.</summary>
    public override bool HasObserved => true;

    /// <summary>An observer for values of 0 to 1, such as a sigmoid's: scale 1/256, zero point 0.</summary>
    /// <returns>A new observer of quint8.</returns>
    public static FixedQParamsObserver ForSigmoid() => new(1f / 256, 0);

    /// <summary>An observer for values of -1 to 1, such as a tanh's: scale 2/256, zero point 128.</summary>
    /// <returns>A new observer of quint8.</returns>
    public static FixedQParamsObserver ForTanh() => new(2f / 256, 128);

    /// <inheritdoc/>
    public override void Observe(ReadOnlySpan<float> values)
    {
    }

    /// <inheritdoc/>
    public override QuantizationParameters CalculateQuantizationParameters() => _parameters;

    /// <inheritdoc/>
    public override void Reset()
    {
    }

    /// <inheritdoc/>
    public override void SaveState(SafetensorsWriter writer, string prefix)
    {
    }

    /// <inheritdoc/>
    public override void LoadState(SafetensorsFile file, string prefix)
    {
    }

    /// <inheritdoc/>
    protected override void MergeCore(Observer other)
    {
        if (((FixedQParamsObserver)other)._parameters != _parameters)
        {
            throw new ArgumentException("Only fixed parameters that are the same can be merged.", nameof(other));
        }
    }
}
