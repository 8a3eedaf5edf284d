using System;

namespace Kernels.Layers;

/// <summary>A function of an epilogue with its data.</summary>
public sealed class EpilogueStep
{
    private readonly float[] _first;
    private readonly float[] _second;

    private EpilogueStep(EpilogueFunction function, float[]? first = null, float[]? second = null)
    {
        Function = function;
        _first = first ?? [];
        _second = second ?? [];
    }

    /// <summary><see cref="EpilogueFunction.Relu"/>.</summary>
    public static EpilogueStep Relu { get; } = new(EpilogueFunction.Relu);

    /// <summary><see cref="EpilogueFunction.Relu6"/>.</summary>
    public static EpilogueStep Relu6 { get; } = new(EpilogueFunction.Relu6);

    /// <summary><see cref="EpilogueFunction.HardSwish"/>.</summary>
    public static EpilogueStep HardSwish { get; } = new(EpilogueFunction.HardSwish);

    /// <summary><see cref="EpilogueFunction.HardSigmoid"/>.</summary>
    public static EpilogueStep HardSigmoid { get; } = new(EpilogueFunction.HardSigmoid);

    /// <summary><see cref="EpilogueFunction.Add"/>; the second input's scale and zero point stand in <see cref="EpilogueParameters"/>.</summary>
    public static EpilogueStep Add { get; } = new(EpilogueFunction.Add);

    /// <summary>The function.</summary>
    public EpilogueFunction Function { get; }

    /// <summary>Factor for values below zero; of <see cref="EpilogueFunction.LeakyRelu"/>.</summary>
    /// <exception cref="InvalidOperationException">The function has no slope.</exception>
    public float NegativeSlope => Of(Function == EpilogueFunction.LeakyRelu, _first)[0];

    /// <summary>Smallest value; of <see cref="EpilogueFunction.Clip"/>.</summary>
    /// <exception cref="InvalidOperationException">The function has no bounds.</exception>
    public float Lower => Of(Function == EpilogueFunction.Clip, _first)[0];

    /// <summary>Largest value; of <see cref="EpilogueFunction.Clip"/>.</summary>
    /// <exception cref="InvalidOperationException">The function has no bounds.</exception>
    public float Upper => Of(Function == EpilogueFunction.Clip, _second)[0];

    /// <summary>Factors: one of <see cref="EpilogueFunction.Affine"/>, one a channel of <see cref="EpilogueFunction.ChannelAffine"/>.</summary>
    /// <exception cref="InvalidOperationException">The function is neither.</exception>
    public ReadOnlySpan<float> Scale => Of(IsAffine, _first);

    /// <summary>What is added to the product: one of <see cref="EpilogueFunction.Affine"/>, one a channel of <see cref="EpilogueFunction.ChannelAffine"/>.</summary>
    /// <exception cref="InvalidOperationException">The function is neither.</exception>
    public ReadOnlySpan<float> Shift => Of(IsAffine, _second);

    private bool IsAffine => Function is EpilogueFunction.Affine or EpilogueFunction.ChannelAffine;

    /// <summary><see cref="EpilogueFunction.LeakyRelu"/>.</summary>
    /// <param name="negativeSlope">Factor for values below zero: finite.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The slope is not finite.</exception>
    public static EpilogueStep LeakyRelu(float negativeSlope = 0.01f) => new(EpilogueFunction.LeakyRelu, [Finite(negativeSlope, nameof(negativeSlope))]);

    /// <summary><see cref="EpilogueFunction.Clip"/>.</summary>
    /// <param name="lower">Smallest value; negative infinity for none.</param>
    /// <param name="upper">Largest value, not below the smallest; positive infinity for none.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The bounds hold no finite value.</exception>
    public static EpilogueStep Clip(float lower, float upper) =>
        lower <= upper && lower < float.PositiveInfinity && upper > float.NegativeInfinity
            ? new EpilogueStep(EpilogueFunction.Clip, [lower], [upper])
            : throw new ArgumentException($"No finite value lies between {lower} and {upper}.", nameof(upper));

    /// <summary><see cref="EpilogueFunction.Affine"/>.</summary>
    /// <param name="scale">Factor: finite.</param>
    /// <param name="shift">Added to the product: finite.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static EpilogueStep Affine(float scale, float shift) => new(EpilogueFunction.Affine, [Finite(scale, nameof(scale))], [Finite(shift, nameof(shift))]);

    /// <summary><see cref="EpilogueFunction.ChannelAffine"/>.</summary>
    /// <param name="scale">Factors, one a channel: finite.</param>
    /// <param name="shift">What is added to the product, one a channel: finite.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">There is no channel, the lengths differ, or a value is not finite.</exception>
    public static EpilogueStep ChannelAffine(ReadOnlySpan<float> scale, ReadOnlySpan<float> shift)
    {
        if (scale.Length == 0 || scale.Length != shift.Length)
        {
            throw new ArgumentException($"Every channel needs a scale and a shift, but there are {scale.Length} scales and {shift.Length} shifts.", nameof(shift));
        }

        for (int channel = 0; channel < scale.Length; channel++)
        {
            _ = Finite(scale[channel], nameof(scale));
            _ = Finite(shift[channel], nameof(shift));
        }

        return new EpilogueStep(EpilogueFunction.ChannelAffine, scale.ToArray(), shift.ToArray());
    }

    private static float Finite(float value, string name) =>
        float.IsFinite(value) ? value : throw new ArgumentException($"Constants of an epilogue must be finite, but one is {value}.", name);

    private float[] Of(bool has, float[] values) => has ? values : throw new InvalidOperationException($"{Function} has no such constants.");
}
