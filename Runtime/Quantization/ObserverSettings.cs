using System;

namespace Kernels.Quantization;

/// <summary>
/// What every observer needs to turn a range into scale and zero point, with the names and defaults of PyTorch's
/// <c>UniformQuantizationObserverBase</c>.
/// </summary>
public sealed record ObserverSettings
{
    /// <summary>PyTorch's <c>torch.finfo(torch.float32).eps</c>, 2^-23.</summary>
    public const float DefaultEps = 1.1920929e-7f;

    /// <summary>Activations: quint8, affine.</summary>
    public static ObserverSettings Activation { get; } = new();

    /// <summary>Weights: qint8, symmetric.</summary>
    public static ObserverSettings Weight { get; } = new() { Dtype = QuantizedDtype.Qint8, Qscheme = QuantizationScheme.Symmetric };

    /// <summary>The type of the codes.</summary>
    public QuantizedDtype Dtype { get; init; } = QuantizedDtype.Quint8;

    /// <summary>Affine or symmetric.</summary>
    public QuantizationScheme Qscheme { get; init; } = QuantizationScheme.Affine;

    /// <summary>
    /// Whether to use 7 of the 8 bits, 0 to 127 or -64 to 63: what kernels that add pairs of products in 16 bits need.
    /// </summary>
    public bool ReduceRange { get; init; }

    /// <summary>The lowest code to use, at most 0; given together with <see cref="QuantMax"/> or not at all.</summary>
    public int? QuantMin { get; init; }

    /// <summary>The highest code to use, at least 0 and above <see cref="QuantMin"/>.</summary>
    public int? QuantMax { get; init; }

    /// <summary>The smallest scale, positive.</summary>
    public float Eps { get; init; } = DefaultEps;

    /// <summary>The lowest code: the type's, halved by <see cref="ReduceRange"/>, or the custom one, halved likewise.</summary>
    public int Lowest => Halved(QuantMin ?? (Dtype == QuantizedDtype.Quint8 ? byte.MinValue : sbyte.MinValue));

    /// <summary>The highest code: the type's, halved by <see cref="ReduceRange"/>, or the custom one, halved likewise.</summary>
    public int Highest => Halved(QuantMax ?? (Dtype == QuantizedDtype.Quint8 ? byte.MaxValue : sbyte.MaxValue));

    /// <summary>Throws when the settings contradict each other.</summary>
    /// <returns>The settings themselves.</returns>
    /// <exception cref="ArgumentException">The message says which and what to do.</exception>
    public ObserverSettings Checked()
    {
        if (QuantMin.HasValue != QuantMax.HasValue)
        {
            throw new ArgumentException("Give both QuantMin and QuantMax, or neither.");
        }

        if (QuantMin is int min && QuantMax is int max)
        {
            (int lowest, int highest) = Dtype == QuantizedDtype.Quint8 ? (0, 255) : (-128, 127);
            if (min < lowest || max > highest || min > 0 || max < 0 || Halved(min) >= Halved(max))
            {
                throw new ArgumentException($"The range {min} to {max} must lie in {lowest} to {highest}, include 0 and have more than one code.");
            }
        }

        if (Dtype == QuantizedDtype.Quint8 && Qscheme == QuantizationScheme.Symmetric && ReduceRange)
        {
            throw new ArgumentException("A symmetric quint8 range cannot be reduced, as in PyTorch: its zero point 128 would lie outside of 0 to 127. Use qint8 or an affine scheme.");
        }

        if (!(Eps > 0) || !float.IsFinite(Eps))
        {
            throw new ArgumentException($"Eps must be positive and finite, but is {Eps}.");
        }

        return this;
    }

    /// <summary>
    /// PyTorch's <c>_calculate_qparams</c> in float32. The range is widened to include 0. Symmetric: scale
    /// <c>max(-min, max) / ((highest - lowest) / 2)</c>; affine: scale <c>(max - min) / (highest - lowest)</c>, zero point
    /// <c>lowest - round_half_even(min / scale)</c>, clamped. No scale is below <see cref="Eps"/>.
    /// </summary>
    /// <param name="min">The least value, finite.</param>
    /// <param name="max">The greatest value, finite.</param>
    /// <returns>Scale and zero point.</returns>
    public QuantizationParameters Calculate(float min, float max)
    {
        if (!float.IsFinite(min) || !float.IsFinite(max) || min > max)
        {
            throw new ArgumentException($"A range must be finite and ordered, but is {min} to {max}.", nameof(min));
        }

        int lowest = Lowest;
        int highest = Highest;
        min = MathF.Min(min, 0);
        max = MathF.Max(max, 0);
        if (Qscheme == QuantizationScheme.Symmetric)
        {
            float symmetric = MathF.Max(MathF.Max(-min, max) / ((highest - lowest) / 2f), Eps);
            int middle = QuantMin.HasValue ? (lowest + highest) >> 1 : 128;
            return new QuantizationParameters(symmetric, Dtype == QuantizedDtype.Quint8 ? middle : 0);
        }

        float width = max - min;
        float scale = float.IsInfinity(width) ? (float)(((double)max - min) / (highest - lowest)) : width / (highest - lowest);
        scale = MathF.Max(scale, Eps);
        int zeroPoint = lowest - (int)MathF.Round(min / scale);
        return new QuantizationParameters(scale, Math.Clamp(zeroPoint, lowest, highest));
    }

    // Rounds down, as Python's // does.
    private int Halved(int code) => ReduceRange ? code >> 1 : code;
}
