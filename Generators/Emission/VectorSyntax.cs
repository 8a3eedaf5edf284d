using Kernels.Generators.Planning;

namespace Kernels.Generators.Emission;

/// <summary>How a tier is spelled in C#.</summary>
/// <param name="Tier">The tier.</param>
/// <param name="Guard">The condition under which it runs.</param>
/// <param name="Vector">The vector class.</param>
/// <param name="Dot">The dot step's interface.</param>
/// <param name="Words">The dot step on words.</param>
/// <param name="Bytes">The dot step on bytes, where the tier has one.</param>
internal sealed record VectorSyntax(Tier Tier, string Guard, string Vector, string Dot, string Words, string? Bytes)
{
    /// <summary>The spelling of a tier.</summary>
    public static VectorSyntax Of(Tier tier) => tier.Bits switch
    {
        512 => new(tier, "Avx512BW.IsSupported", "Vector512", "IDot512", "Words512", "Bytes512"),
        256 => new(tier, "Avx2.IsSupported", "Vector256", "IDot256", "Words256", "Bytes256"),
        _ => new(tier, "Vector128.IsHardwareAccelerated", "Vector128", "IDot128", "Words128", null),
    };
}
