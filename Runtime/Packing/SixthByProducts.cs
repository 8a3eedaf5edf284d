using System;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Packing;

/// <summary>
/// Whether machine code may divide by 6 with products. For a = x * min(max(x + 3, 0), 6) it takes q = a * (1/6), then q + (a - 6 q) * (1/6), both
/// fused: of all float32 numbers that is the quotient, but where the quotient is below the smallest normal number it can be the neighbour of
/// the one that division rounds to. This proves that no code shows it, from the constants of the functions behind.
/// </summary>
internal static class SixthByProducts
{
    // Both results are at most the smallest normal number.
    private const double Tiny = 1.2e-38;

    // A float32 number that is so much smaller than another vanishes in a sum with it: half an ulp of a power of two, seen from below, and room for roundings.
    private const double Vanishing = 1.0 / (1 << 26);

    /// <summary>Whether codes cannot differ.</summary>
    /// <param name="requantizer">The layer's constants.</param>
    public static bool GivesTheSameCodes(Requantizer requantizer)
    {
        if (requantizer.Epilogue is not { } epilogue)
        {
            return true;
        }

        for (int first = 0; first < epilogue.Steps.Count; first++)
        {
            for (int channel = 0; channel < requantizer.Bias.Length && epilogue.Steps[first].Function == EpilogueFunction.HardSwish; channel++)
            {
                if (!Vanishes(epilogue, first + 1, channel, requantizer.InverseScale[channel]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    // Follows two values without sign up to a bound. They become equal, or stay below half a step of the output.
    private static bool Vanishes(EpilogueParameters epilogue, int first, int channel, float inverseScale)
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
}
