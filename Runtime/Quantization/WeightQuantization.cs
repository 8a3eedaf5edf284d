using System;

namespace Kernels.Quantization;

/// <summary>
/// Scales and zero points of int8 weights: one pair for the whole tensor, or one for each output channel.
/// </summary>
public sealed class WeightQuantization
{
    private readonly QuantizationParameters[] _parameters;

    /// <summary>One scale and zero point for the whole tensor.</summary>
    /// <param name="parameters">The pair; a zero point of -128 to 127.</param>
    public WeightQuantization(QuantizationParameters parameters)
        : this([parameters], isPerChannel: false)
    {
    }

    private WeightQuantization(QuantizationParameters[] parameters, bool isPerChannel)
    {
        foreach (QuantizationParameters pair in parameters)
        {
            if (pair.ZeroPoint > sbyte.MaxValue || !(pair.Scale > 0))
            {
                throw new ArgumentOutOfRangeException(nameof(parameters), pair, "int8 weights need a positive scale and a zero point of -128 to 127.");
            }
        }

        _parameters = parameters;
        IsPerChannel = isPerChannel;
    }

    /// <summary>Whether each output channel has its own pair.</summary>
    public bool IsPerChannel { get; }

    /// <summary>The number of pairs: 1, or the number of output channels.</summary>
    public int Count => _parameters.Length;

    /// <summary>The pair of an output channel.</summary>
    /// <param name="outputChannel">The channel, counted across groups.</param>
    public QuantizationParameters this[int outputChannel] => _parameters[IsPerChannel ? outputChannel : 0];

    /// <summary>One pair for each output channel.</summary>
    /// <param name="scales">A scale for each output channel, counted across groups.</param>
    /// <param name="zeroPoints">A zero point for each, or nothing when all are 0.</param>
    /// <returns>Per-channel quantization.</returns>
    /// <exception cref="ArgumentException">No scale, or not as many zero points as scales.</exception>
    public static WeightQuantization PerChannel(ReadOnlySpan<float> scales, ReadOnlySpan<int> zeroPoints = default)
    {
        if (scales.IsEmpty || (!zeroPoints.IsEmpty && zeroPoints.Length != scales.Length))
        {
            throw new ArgumentException($"Expected as many zero points as scales and at least one, but got {scales.Length} scales and {zeroPoints.Length} zero points.", nameof(scales));
        }

        var parameters = new QuantizationParameters[scales.Length];
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i] = new QuantizationParameters(scales[i], zeroPoints.IsEmpty ? 0 : zeroPoints[i]);
        }

        return new WeightQuantization(parameters, isPerChannel: true);
    }
}
