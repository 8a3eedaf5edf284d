namespace Kernels.Fusion;

/// <summary>
/// The float32 constants of a fused epilogue in the order in which packing writes them and kernels read them: first those that all epilogues
/// have, then for each function its number (an int32) and its own.
/// </summary>
internal static class EpilogueProgram
{
    /// <summary>Place of 3, which HardSwish and HardSigmoid add.</summary>
    public const int Three = 0;

    /// <summary>Place of 6, where they end.</summary>
    public const int Six = 1;

    /// <summary>Place of 1 / 6 rounded to float32.</summary>
    public const int Sixth = 2;

    /// <summary>Place of the first function's number.</summary>
    public const int First = 3;

    /// <summary>Number of constants behind a function's number.</summary>
    /// <param name="function">The function.</param>
    public static int Constants(FusedFunction function) => function switch
    {
        FusedFunction.LeakyRelu => 1, // slope
        FusedFunction.Clip => 2, // lower, upper
        FusedFunction.Affine => 2, // scale, shift
        FusedFunction.Add => 2, // scale and zero point (an int32) of the second input
        _ => 0,
    };
}
