using System;
using Kernels.Quantization;

namespace Kernels;

/// <summary>
/// Int8 weights in PyTorch's contiguous order (see <see cref="FloatWeight"/>) with their scales and zero points.
/// </summary>
public sealed class QuantizedWeight
{
    private readonly sbyte[] _data;

    /// <summary>Wraps weights without copying them.</summary>
    /// <param name="shape">The four dimensions.</param>
    /// <param name="data">The codes, as many as the shape has.</param>
    /// <param name="quantization">What the codes stand for.</param>
    /// <exception cref="ArgumentException">The count does not fit the shape.</exception>
    public QuantizedWeight(Shape4 shape, sbyte[] data, WeightQuantization quantization)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(quantization);
        if (data.Length != shape.Checked(nameof(shape)).Count)
        {
            throw new ArgumentException($"The shape {shape} has {shape.Count} elements, but the array has {data.Length}.", nameof(data));
        }

        Shape = shape;
        _data = data;
        Quantization = quantization;
    }

    /// <summary>The four dimensions, in PyTorch's order.</summary>
    public Shape4 Shape { get; }

    /// <summary>Scales and zero points.</summary>
    public WeightQuantization Quantization { get; }

    /// <summary>The codes in PyTorch's contiguous order.</summary>
    public ReadOnlySpan<sbyte> Data => _data;

    /// <summary>What a debugger shows of it.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Shape}, {(Quantization.IsPerChannel ? $"{Quantization.Count} scales" : "one scale")}";
}
