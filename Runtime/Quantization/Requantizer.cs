using System;
using Kernels.Generic;
using Kernels.Layers;

namespace Kernels.Quantization;

/// <summary>
/// The constants that turn a convolution's int32 accumulators into quint8 codes, one set for each output channel.
/// With input scale sx, weight scale sw and output scale so, every step rounded to float32 and never fused (fbgemm's arithmetic):
/// <code>
/// value = ((float)accumulator + bias / (sx * sw)) * (sx * sw / so)
/// value = value &lt; 0 ? value * NegativeSlope : value
/// code  = round_half_even(clamp(value, Lower, Upper)) + ZeroPoint
/// </code>
/// With a fused epilogue the functions are those of <see cref="EpilogueSpec"/>, and values are in real units until the last one:
/// <code>
/// value = ((float)accumulator + bias / (sx * sw)) * (sx * sw)
/// value = f(value)                                                for each function
/// code  = round_half_even(clamp(value * (1 / so), Lower, Upper)) + ZeroPoint
/// </code>
/// </summary>
public sealed class Requantizer
{
    private readonly float[] _bias;
    private readonly float[] _multiplier;
    private readonly float[] _inverseScale;

    private Requantizer(float[] bias, float[] multiplier, int zeroPoint, float lower, float upper, float negativeSlope, float[] inverseScale, EpilogueParameters? epilogue)
    {
        _bias = bias;
        _multiplier = multiplier;
        ZeroPoint = zeroPoint;
        Lower = lower;
        Upper = upper;
        NegativeSlope = negativeSlope;
        _inverseScale = inverseScale;
        Epilogue = epilogue;
    }

    /// <summary>
    /// Bias in units of the accumulator, <c>bias / (sx * sw)</c>; 0 for a layer without bias, and where it is so small that no code shows it. One an output channel.
    /// </summary>
    public ReadOnlySpan<float> Bias => _bias;

    /// <summary>Output steps that one accumulator step makes, <c>sx * sw / so</c>, or with an epilogue real units, <c>sx * sw</c>. One an output channel.</summary>
    public ReadOnlySpan<float> Multiplier => _multiplier;

    /// <summary>The output code that stands for 0: 0 to 255.</summary>
    public int ZeroPoint { get; }

    /// <summary>Smallest value relative to the zero point, in output steps: a whole number.</summary>
    public float Lower { get; }

    /// <summary>Largest value relative to the zero point, in output steps: a whole number.</summary>
    public float Upper { get; }

    /// <summary>Factor for values below zero; 1 unless the activation is <see cref="Activation.LeakyRelu"/>.</summary>
    public float NegativeSlope { get; }

    /// <summary>With an epilogue output steps of a real unit, <c>1 / so</c>, where so may be the channel's own scale; empty without. One an output channel.</summary>
    public ReadOnlySpan<float> InverseScale => _inverseScale;

    /// <summary>The functions of the layer's epilogue; null where it has none.</summary>
    public EpilogueParameters? Epilogue { get; }

    /// <summary>Computes the constants of a layer.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="weight">Scales of the weights, one or as many as output channels.</param>
    /// <param name="bias">Finite float32 bias, one an output channel; empty when the layer has none.</param>
    /// <param name="input">Scale and zero point of the input, which must be quint8.</param>
    /// <param name="output">Scale and zero point of the output, which must be quint8.</param>
    /// <param name="epilogue">The functions of the layer's epilogue; null where it has none.</param>
    /// <returns>The constants.</returns>
    /// <exception cref="ArgumentException">A count does not fit the layer, or scales, bias or what the functions make of values are outside what float32 holds.</exception>
    public static Requantizer Create(
        ConvolutionSpec spec,
        WeightQuantization weight,
        ReadOnlySpan<float> bias,
        QuantizationParameters input,
        QuantizationParameters output,
        EpilogueParameters? epilogue = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(weight);
        Check(spec, weight, bias, input, output);
        EpilogueParameters.Check(spec, epilogue);

        var scaledBias = new float[spec.OutChannels];
        var multiplier = new float[spec.OutChannels];
        for (int channel = 0; channel < multiplier.Length; channel++)
        {
            float accumulatorScale = input.Scale * weight[channel].Scale;
            multiplier[channel] = epilogue is null ? accumulatorScale / output.Scale : accumulatorScale;
            scaledBias[channel] = bias.IsEmpty ? 0f : bias[channel] / accumulatorScale;
            if (!float.IsFinite(scaledBias[channel]) || !float.IsFinite(multiplier[channel]) || accumulatorScale == 0)
            {
                throw new ArgumentException(
                    $"Channel {channel} cannot be requantized: input scale {input.Scale}, weight scale {weight[channel].Scale}, output scale {output.Scale} and "
                    + $"bias {(bias.IsEmpty ? 0f : bias[channel])} leave the range of float32. Check that the bias is finite and the scales come from calibration.",
                    nameof(weight));
            }
        }

        bool isRelu = spec.Activation is Activation.Relu or Activation.Relu6;
        float upper = byte.MaxValue - output.ZeroPoint;
        if (spec.Activation == Activation.Relu6)
        {
            upper = MathF.Min(upper, MathF.Round(6f * (1f / output.Scale), MidpointRounding.ToEven));
        }

        float slope = spec.Activation == Activation.LeakyRelu ? spec.NegativeSlope : 1f;
        float[] inverse = epilogue is null ? [] : InverseScales(epilogue, output, spec.OutChannels);
        for (int channel = 0; channel < scaledBias.Length; channel++)
        {
            scaledBias[channel] = epilogue is null
                ? TinyValues.Bias(scaledBias[channel], multiplier[channel], slope)
                : TinyValues.Bias(scaledBias[channel], multiplier[channel], epilogue, channel, inverse[channel]);
        }

        var result = new Requantizer(scaledBias, multiplier, output.ZeroPoint, isRelu ? 0f : -output.ZeroPoint, upper, slope, inverse, epilogue);
        if (epilogue is not null)
        {
            CheckRange(result);
        }

        return result;
    }

    /// <summary>Turns one accumulator into a code.</summary>
    /// <param name="accumulator">Sum of <c>(x - zx) * (w - zw)</c>.</param>
    /// <param name="channel">Output channel, counted across groups.</param>
    /// <returns>The quint8 code.</returns>
    /// <exception cref="InvalidOperationException">The layer has a fused epilogue.</exception>
    public byte Apply(int accumulator, int channel) => Epilogue is null
        ? Apply(accumulator, _bias[channel], _multiplier[channel], NegativeSlope, Lower, Upper, ZeroPoint)
        : throw new InvalidOperationException($"The layer ends with {Epilogue.Spec}: its kernels apply that.");

    /// <summary>The formula on constants that lie elsewhere, for example in packed memory.</summary>
    internal static byte Apply(int accumulator, float bias, float multiplier, float negativeSlope, float lower, float upper, int zeroPoint)
    {
        // C# may not contract these into one fused operation; each line rounds once.
        float value = (float)accumulator + bias;
        value *= multiplier;
        if (value < 0)
        {
            value *= negativeSlope;
        }

        // The bounds are whole numbers, so clamping before rounding equals clamping after it, and the conversion cannot overflow.
        value = MathF.Min(MathF.Max(value, lower), upper);
        return (byte)((int)MathF.Round(value, MidpointRounding.ToEven) + zeroPoint);
    }

    private static void Check(
        ConvolutionSpec spec,
        WeightQuantization weight,
        ReadOnlySpan<float> bias,
        QuantizationParameters input,
        QuantizationParameters output)
    {
        if (weight.IsPerChannel && weight.Count != spec.OutChannels)
        {
            throw new ArgumentException($"The layer has {spec.OutChannels} output channels, but the weights have {weight.Count} scales.", nameof(weight));
        }

        ConvolutionChecks.CheckBias(spec, bias.Length);
        CheckActivation(input, nameof(input));
        CheckActivation(output, nameof(output));
        if (spec.Activation == Activation.LeakyRelu && !float.IsFinite(spec.NegativeSlope))
        {
            throw new ArgumentException($"The negative slope must be finite, but is {spec.NegativeSlope}.", nameof(spec));
        }
    }

    private static float[] InverseScales(EpilogueParameters epilogue, QuantizationParameters output, int channels)
    {
        var inverse = new float[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            float scale = epilogue.ChannelScales.IsEmpty ? output.Scale : output.Scale * epilogue.ChannelScales[channel];
            inverse[channel] = 1f / scale;
        }

        return inverse;
    }

    private static void CheckRange(Requantizer requantizer)
    {
        for (int channel = 0; channel < requantizer._bias.Length; channel++)
        {
            if (!EpilogueRange.Of(requantizer, channel, -(double)int.MinValue).IsFinite)
            {
                throw new ArgumentException(
                    $"Channel {channel} cannot be computed: with these constants of {requantizer.Epilogue!.Spec}, bias {requantizer._bias[channel]} in units of the accumulator, its scale "
                    + $"{requantizer._multiplier[channel]} and 1 / output scale {requantizer._inverseScale[channel]}, values could leave the range of float32.",
                    "epilogue");
            }
        }
    }

    private static void CheckActivation(QuantizationParameters parameters, string name)
    {
        // default(QuantizationParameters) has scale 0.
        if (!(parameters.Scale > 0) || parameters.ZeroPoint is < byte.MinValue or > byte.MaxValue)
        {
            throw new ArgumentException($"Activations are quint8: the scale must be positive and the zero point 0 to 255, but got {parameters}.", name);
        }
    }
}
