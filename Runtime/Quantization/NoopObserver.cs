using System;
using Kernels.Models;

namespace Kernels.Quantization;

/// <summary>
/// PyTorch's <c>NoopObserver</c>: marks values that stay float, and observes nothing.
/// </summary>
/// <param name="settings">Type, scheme and range of the codes; quint8 affine when left out.</param>
public sealed class NoopObserver(ObserverSettings? settings = null) : Observer(settings)
{
    /// <summary>Always false.</summary>
    public override bool HasObserved => false;

    /// <inheritdoc/>
    public override void Observe(ReadOnlySpan<float> values)
    {
    }

    /// <inheritdoc/>
    /// <remarks>Always refused, as in PyTorch.</remarks>
    public override QuantizationParameters CalculateQuantizationParameters() =>
        throw new InvalidOperationException("A no-op observer has no scale: its values stay float. Give the layer another observer to quantize it.");

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
    }
}
