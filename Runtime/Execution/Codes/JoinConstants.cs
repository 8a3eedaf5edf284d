using Kernels.Quantization;

namespace Kernels.Execution;

/// <summary>The numbers of a layer that joins codes.</summary>
/// <param name="First">Scale and zero point of the codes.</param>
/// <param name="Second">Scale and zero point of the other codes; of constants that are no codes, scale 1 and zero point 0.</param>
/// <param name="Output">Scale and zero point of the output.</param>
/// <param name="Multiplier">From real units, or from products of codes, to steps of the output.</param>
/// <param name="Lowest">The lowest code of the output: its zero point for a ReLU.</param>
/// <param name="MayOverflow">Whether a result may be NaN, or 2^31 steps and more.</param>
/// <param name="Steps">Functions of results, which are in real units then; null for none.</param>
internal sealed record JoinConstants(
    QuantizationParameters First,
    QuantizationParameters Second,
    QuantizationParameters Output,
    float Multiplier,
    byte Lowest,
    bool MayOverflow,
    CodeSteps? Steps = null)
{
    // Below 2^31, with room for what float32 rounds.
    private const double MostSteps = 2e9;

    /// <summary>Whether steps, computed in double precision, may be too many for int32.</summary>
    public static bool IsOverflow(double steps) => !(steps < MostSteps);
}
