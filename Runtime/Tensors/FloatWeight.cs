using System;

namespace Kernels;

/// <summary>
/// Float32 weights in PyTorch's contiguous order: <c>[out, in / groups, kh, kw]</c> for Conv2d,
/// <c>[in, out / groups, kh, kw]</c> for ConvTranspose2d, <c>[out, in, 1, 1]</c> for Linear.
/// </summary>
public sealed class FloatWeight
{
    private readonly float[] _data;

    /// <summary>Wraps weights without copying them.</summary>
    /// <param name="shape">The four dimensions.</param>
    /// <param name="data">The weights, as many as the shape has, all finite.</param>
    /// <exception cref="ArgumentException">The count does not fit the shape.</exception>
    public FloatWeight(Shape4 shape, float[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Length != shape.Checked(nameof(shape)).Count)
        {
            throw new ArgumentException($"The shape {shape} has {shape.Count} elements, but the array has {data.Length}.", nameof(data));
        }

        Shape = shape;
        _data = data;
    }

    /// <summary>The four dimensions, in PyTorch's order.</summary>
    public Shape4 Shape { get; }

    /// <summary>The weights in PyTorch's contiguous order.</summary>
    public ReadOnlySpan<float> Data => _data;

    /// <summary>What a debugger shows of it.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => Shape.ToString();
}
