namespace Kernels.Execution;

/// <summary>The scalars of the epilogue that all channels share; see <see cref="Quantization.Requantizer"/>.</summary>
public struct EpilogueScalars
{
    /// <summary>Lowest result, in steps from the zero point.</summary>
    public float Lower;

    /// <summary>Highest result, in steps from the zero point.</summary>
    public float Upper;

    /// <summary>Factor of negative values, used by LeakyRelu only.</summary>
    public float NegativeSlope;

    /// <summary>Output zero point.</summary>
    public int ZeroPoint;
}
