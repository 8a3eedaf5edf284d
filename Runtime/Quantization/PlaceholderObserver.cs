using System;
using Kernels.Models;

namespace Kernels.Quantization;

/// <summary>
/// PyTorch's <c>PlaceholderObserver</c>: carries settings to a layer that derives its parameters while it runs, and observes nothing.
/// </summary>
/// <param name="settings">Type, scheme and range of the codes; quint8 affine when left out.</param>
public sealed class PlaceholderObserver(ObserverSettings? settings = null) : Observer(settings)
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
        throw new InvalidOperationException("A placeholder has no scale: its layer derives one while it runs. Give the layer another observer to quantize it ahead.");

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
