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
                if (!TinyValues.Vanish(epilogue, first + 1, channel, requantizer.InverseScale[channel]))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
