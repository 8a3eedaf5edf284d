using System;

namespace Kernels.Quantization;

/// <summary>
/// Scale and zero point of a tensor quantized as a whole: <c>real = (code - ZeroPoint) * Scale</c>.
/// </summary>
public readonly record struct QuantizationParameters
{
    /// <summary>Makes parameters.</summary>
    /// <param name="scale">Size of one step in real units: positive and finite.</param>
    /// <param name="zeroPoint">The code that stands for 0: 0 to 255 for quint8, -128 to 127 for qint8.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not positive and finite, or the zero point is outside -128 to 255.</exception>
    public QuantizationParameters(float scale, int zeroPoint)
    {
        if (!(scale > 0) || !float.IsFinite(scale))
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "A scale must be positive and finite.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(zeroPoint, sbyte.MinValue);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(zeroPoint, byte.MaxValue);
        Scale = scale;
        ZeroPoint = zeroPoint;
    }

    /// <summary>Size of one step in real units.</summary>
    public float Scale { get; }

    /// <summary>The code that stands for 0.</summary>
    public int ZeroPoint { get; }
}
