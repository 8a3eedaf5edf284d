using System;

namespace Kernels.Quantization;

/// <summary>An observer that derives a scale and a zero point for each channel.</summary>
public interface IPerChannelObserver : IObserver
{
    /// <summary>PyTorch's <c>ch_axis</c>: the dimension of observed tensors, in NCHW order, that counts channels; 0 to 3.</summary>
    int ChannelAxis { get; }

    /// <summary>Observes one batch.</summary>
    /// <param name="values">Real values.</param>
    /// <param name="layout">Which channel each of them belongs to.</param>
    /// <exception cref="ArgumentException">
    /// NaN or infinity; or a count that does not fit the layout; or not as many channels as before. Nothing was observed.
    /// </exception>
    void Observe(ReadOnlySpan<float> values, ChannelLayout layout);

    /// <summary>Scale and zero point of each channel.</summary>
    /// <returns>One pair a channel; a single pair of scale 1 and zero point 0 when nothing was observed.</returns>
    QuantizationParameters[] CalculateChannelQuantizationParameters();
}
