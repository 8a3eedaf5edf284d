using System;
using Kernels.Generic;
using Kernels.Quantization;

namespace Kernels.Execution;

/// <summary>Numbers about constants of channels.</summary>
internal static class CodeConstants
{
    /// <summary>The largest magnitude.</summary>
    public static double Largest(ReadOnlySpan<float> values)
    {
        double largest = 0;
        foreach (float value in values)
        {
            largest = Math.Max(largest, Math.Abs((double)value));
        }

        return largest;
    }
}

/// <summary>A layer that joins codes with constants of their channels.</summary>
/// <typeparam name="TJoin">What it computes.</typeparam>
internal sealed class CodeConstants<TJoin>
    where TJoin : struct, ICodeJoin
{
    private readonly JoinConstants _constants;
    private readonly float[] _scales;
    private readonly float[] _shifts;
    private readonly int _period;
    private readonly LaneTier _tier;

    /// <summary>Copies the constants.</summary>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="multiplier">From what the join computes to steps of the output.</param>
    /// <param name="scales">First constants, one for all channels or one a channel.</param>
    /// <param name="shifts">Second constants, as many, for a join that has some.</param>
    /// <param name="mostSteps">The most steps of a result, either way.</param>
    /// <param name="tier">The vectors to use; null for the widest there are.</param>
    public CodeConstants(
        QuantizationParameters input,
        QuantizationParameters output,
        float multiplier,
        ReadOnlySpan<float> scales,
        ReadOnlySpan<float> shifts,
        double mostSteps,
        LaneTier? tier)
    {
        _constants = new JoinConstants(input, new QuantizationParameters(1f, 0), output, multiplier, 0, JoinConstants.IsOverflow(mostSteps));
        _scales = ChannelPattern.Of(scales);
        _shifts = shifts.IsEmpty ? [] : ChannelPattern.Of(shifts);
        _period = ChannelPattern.Period(scales.Length);
        _tier = tier ?? LaneTiers.Best;
    }

    /// <summary>Runs the layer over whole pixels.</summary>
    public void Run(ReadOnlySpan<byte> input, Span<byte> output) => CodeJoiner.Of<TJoin>().Constants(_constants, input, _scales, _shifts, _period, output, _tier);
}
