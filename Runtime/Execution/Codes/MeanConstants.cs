using Kernels.Generic;
using Kernels.Quantization;

namespace Kernels.Execution;

/// <summary>How means of codes become codes.</summary>
internal sealed record MeanConstants
{
    /// <summary>Numbers of a layer.</summary>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="steps">Functions of the mean in real units; null for none.</param>
    /// <param name="tier">The vectors to use.</param>
    public MeanConstants(QuantizationParameters input, QuantizationParameters output, CodeSteps? steps, LaneTier tier)
    {
        Input = input;
        Output = output;
        Steps = steps;
        Tier = tier;
        Ratio = steps is null ? input.Scale / output.Scale : input.Scale;

        // A mean is a code less the zero point; a divisor of its own may make it a sum of all codes.
        MayOverflow = steps is not null || JoinConstants.IsOverflow((double)Ratio * int.MaxValue * byte.MaxValue);
    }

    public QuantizationParameters Input { get; }

    public QuantizationParameters Output { get; }

    public CodeSteps? Steps { get; }

    public LaneTier Tier { get; }

    /// <summary>From a mean of codes to steps of the output, or to real units where functions follow.</summary>
    public float Ratio { get; }

    /// <summary>Whether a result may have 2^31 steps and more.</summary>
    public bool MayOverflow { get; }
}
