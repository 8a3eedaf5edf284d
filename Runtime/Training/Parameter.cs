using System;

namespace Kernels.Training;

/// <summary>Values that training changes, with the gradient of the loss by each of them: PyTorch's <c>nn.Parameter</c>.</summary>
public sealed class Parameter
{
    private readonly float[] _values;
    private readonly float[] _gradient;

    /// <summary>Copies the values; the gradient is 0.</summary>
    /// <param name="name">The name in messages, for example <c>weight</c>.</param>
    /// <param name="values">Start values, in the order of the layer that they belong to.</param>
    public Parameter(string name, ReadOnlySpan<float> values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        _values = values.ToArray();
        _gradient = new float[_values.Length];
    }

    /// <summary>The name in messages.</summary>
    public string Name { get; }

    /// <summary>The number of values.</summary>
    public int Count => _values.Length;

    /// <summary>The values.</summary>
    public Span<float> Values => _values;

    /// <summary>The gradient of the loss by each value; backward passes add to it.</summary>
    public Span<float> Gradient => _gradient;

    /// <summary>The values as the array that they are, for layers that wrap it.</summary>
    internal float[] Array => _values;

    /// <summary>Sets the gradient to 0, before the backward pass of the next batch.</summary>
    public void ZeroGradient() => _gradient.AsSpan().Clear();
}
