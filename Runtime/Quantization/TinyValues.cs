using System;
using Kernels.Layers;

namespace Kernels.Quantization;

/// <summary>
/// Numbers below the smallest normal float32. Intel's processors take some 150 cycles for an operation that makes one, and a pruned channel, whose weights are all 0 and whose
/// bias is 1e-40, makes one a pixel. Where codes cannot tell such a number from 0, it is 0.
/// </summary>
internal static class TinyValues
{
    // The smallest normal number is 1.18e-38.
    private const double Tiny = 1.2e-38;

    // A float32 number that is so much smaller than another vanishes in a sum with it: half an ulp of a power of two, seen from below, and room for roundings.
    private const double Vanishing = 1.0 / (1 << 26);

    /// <summary>A channel's bias in units of the accumulator, or 0 where all codes are the same with it. A sum that is not 0 does not feel so small a number.</summary>
    /// <param name="bias">The bias.</param>
    /// <param name="multiplier">What one accumulator step makes.</param>
    /// <param name="slope">Factor for values below zero.</param>
    public static float Bias(float bias, float multiplier, float slope) =>
        IsTiny(bias, multiplier) && Tiny * Math.Max(1, Math.Abs((double)slope)) < 0.25 ? 0 : bias;

    /// <summary>The same before an epilogue.</summary>
    /// <param name="bias">The bias.</param>
    /// <param name="multiplier">Real units that one accumulator step makes.</param>
    /// <param name="epilogue">The functions.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="inverseScale">Output steps of a real unit.</param>
    public static float Bias(float bias, float multiplier, EpilogueParameters epilogue, int channel, float inverseScale) =>
        IsTiny(bias, multiplier) && Vanish(epilogue, first: 0, channel, inverseScale) ? 0 : bias;

    /// <summary>Whether no code tells two values that are not normal from each other. They become equal on the way, or stay below half a step of the output.</summary>
    /// <param name="epilogue">The functions.</param>
    /// <param name="first">The first function that reads such a value.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="inverseScale">Output steps of a real unit.</param>
    public static bool Vanish(EpilogueParameters epilogue, int first, int channel, float inverseScale)
    {
        double most = Tiny;
        for (int i = first; i < epilogue.Steps.Count; i++)
        {
            EpilogueStep step = epilogue.Steps[i];
            switch (step.Function)
            {
                case EpilogueFunction.LeakyRelu:
                    most *= Math.Max(1, Math.Abs((double)step.NegativeSlope));
                    break;
                case EpilogueFunction.HardSwish when most <= Vanishing:
                    break;
                case EpilogueFunction.HardSwish:
                    return false;
                case EpilogueFunction.HardSigmoid:
                    return most <= Vanishing;
                case EpilogueFunction.Clip:
                    if (step.Lower > most || step.Upper < -most)
                    {
                        return true;
                    }

                    break;
                case EpilogueFunction.Affine or EpilogueFunction.ChannelAffine:
                    int c = step.Function == EpilogueFunction.Affine ? 0 : channel;
                    most *= Math.Abs((double)step.Scale[c]);
                    double shift = Math.Abs((double)step.Shift[c]);
                    if (most <= shift * Vanishing)
                    {
                        return true;
                    }

                    most += shift;
                    break;
                case EpilogueFunction.Add:
                    double scale = epilogue.Second!.Value.Scale;
                    most += most <= scale * Vanishing ? 0 : byte.MaxValue * scale;
                    break;
            }
        }

        return most * inverseScale < 0.25;
    }

    private static bool IsTiny(float bias, float multiplier) => Math.Abs((double)bias) <= Vanishing && Math.Abs((double)bias) * multiplier < Tiny;
}
