using System;
using System.IO;
using Kernels.Models;

namespace Kernels.Quantization;

/// <summary>
/// Watches values go by and derives scale and zero point from them. Not safe for concurrent use: give each thread its own
/// and <see cref="Merge"/> them.
/// </summary>
public interface IObserver
{
    /// <summary>Type, scheme and range of the codes.</summary>
    ObserverSettings Settings { get; }

    /// <summary>Whether <see cref="CalculateQuantizationParameters"/> says something about the data: something was observed since the start or the last reset, or nothing has to be.</summary>
    bool HasObserved { get; }

    /// <summary>Observes one batch; an empty one changes nothing.</summary>
    /// <param name="values">Real values in any order.</param>
    /// <exception cref="ArgumentException">The values hold NaN, or infinity that the observer does not skip. Nothing was observed.</exception>
    /// <exception cref="InvalidOperationException">The observer needs to know channels.</exception>
    void Observe(ReadOnlySpan<float> values);

    /// <summary>Observes one batch.</summary>
    /// <param name="tensor">Real values.</param>
    /// <exception cref="ArgumentException">The values hold NaN, or infinity that the observer does not skip. Nothing was observed.</exception>
    void Observe(FloatTensor tensor);

    /// <summary>Scale and zero point of what was observed; scale 1 and zero point 0 when nothing was.</summary>
    /// <returns>The pair for the tensor as a whole.</returns>
    /// <exception cref="InvalidOperationException">The observer has a pair for each of several channels, or none at all.</exception>
    QuantizationParameters CalculateQuantizationParameters();

    /// <summary>Forgets everything observed.</summary>
    void Reset();

    /// <summary>Adds what another observer has seen, for example on another thread.</summary>
    /// <param name="other">An observer of the same class and settings; it stays as it is.</param>
    /// <exception cref="ArgumentException">The other observer is of another class or has other settings.</exception>
    void Merge(IObserver other);

    /// <summary>Writes what was observed, under PyTorch's names: <c>min_val</c>, <c>max_val</c>, <c>histogram</c>.</summary>
    /// <param name="writer">The file to come.</param>
    /// <param name="prefix">What the names start with, for example <c>conv1.activation.</c>.</param>
    void SaveState(SafetensorsWriter writer, string prefix);

    /// <summary>Replaces what was observed by a saved state. The settings are not part of it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="prefix">What the names start with.</param>
    /// <exception cref="InvalidDataException">A tensor is missing or is not such a state.</exception>
    void LoadState(SafetensorsFile file, string prefix);
}
