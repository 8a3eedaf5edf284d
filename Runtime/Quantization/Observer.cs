using System;
using Kernels.Models;

namespace Kernels.Quantization;

/// <summary>What all observers of this library share.</summary>
public abstract class Observer : IObserver
{
    /// <summary>Makes an observer.</summary>
    /// <param name="settings">Type, scheme and range of the codes; quint8 affine when null.</param>
    /// <exception cref="ArgumentException">The settings contradict each other.</exception>
    protected Observer(ObserverSettings? settings) => Settings = (settings ?? ObserverSettings.Activation).Checked();

    /// <inheritdoc/>
    public ObserverSettings Settings { get; }

    /// <inheritdoc/>
    public abstract bool HasObserved { get; }

    /// <summary>Whether it has observed anything.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{GetType().Name}: {(HasObserved ? "has observed" : "nothing observed")}";

    /// <inheritdoc/>
    public abstract void Observe(ReadOnlySpan<float> values);

    /// <inheritdoc/>
    public virtual void Observe(FloatTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Observe(tensor.Data);
    }

    /// <inheritdoc/>
    public abstract QuantizationParameters CalculateQuantizationParameters();

    /// <inheritdoc/>
    public abstract void Reset();

    /// <inheritdoc/>
    public void Merge(IObserver other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.GetType() != GetType() || other.Settings != Settings)
        {
            throw new ArgumentException($"Only observers of the same class and settings can be merged, but these are a {GetType().Name} of {Settings} and a {other.GetType().Name} of {other.Settings}.", nameof(other));
        }

        if (ReferenceEquals(other, this))
        {
            throw new ArgumentException("An observer cannot be merged with itself.", nameof(other));
        }

        MergeCore((Observer)other);
    }

    /// <inheritdoc/>
    public abstract void SaveState(SafetensorsWriter writer, string prefix);

    /// <inheritdoc/>
    public abstract void LoadState(SafetensorsFile file, string prefix);

    /// <summary>Adds what another observer has seen.</summary>
    /// <param name="other">Another observer of the same class and settings.</param>
    /// <exception cref="ArgumentException">The observers differ in a parameter of their class.</exception>
    protected abstract void MergeCore(Observer other);
}
