using System;

namespace Kernels.Quantization;

/// <summary>
/// Watches values go by and derives scale and zero point from them. Not safe for concurrent use: give each thread its own.
/// </summary>
public interface IObserver
{
    /// <summary>Type, scheme and range of the codes.</summary>
    ObserverSettings Settings { get; }

    /// <summary>Whether anything was observed since the start or the last reset.</summary>
    bool HasObserved { get; }

    /// <summary>Observes one batch; an empty one changes nothing.</summary>
    /// <param name="values">Real values in any order.</param>
    /// <exception cref="ArgumentException">The values hold NaN or infinity, and the observer does not skip them. Nothing was observed.</exception>
    /// <exception cref="InvalidOperationException">The observer needs to know channels.</exception>
    void Observe(ReadOnlySpan<float> values);

    /// <summary>Observes one batch.</summary>
    /// <param name="tensor">Real values.</param>
    /// <exception cref="ArgumentException">The values hold NaN or infinity, and the observer does not skip them. Nothing was observed.</exception>
    void Observe(FloatTensor tensor);

    /// <summary>Scale and zero point of what was observed; scale 1 and zero point 0 when nothing was.</summary>
    /// <returns>The pair for the tensor as a whole.</returns>
    /// <exception cref="InvalidOperationException">The observer has a pair for each of several channels, or none at all.</exception>
    QuantizationParameters CalculateQuantizationParameters();

    /// <summary>Forgets everything observed.</summary>
    void Reset();
}
