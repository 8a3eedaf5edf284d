using Kernels.Generators.Planning;

namespace Kernels.Generators.Emission;

/// <summary>How a tier is spelled in C#.</summary>
/// <param name="Tier">The tier.</param>
/// <param name="Vector">The vector class.</param>
/// <param name="Dot">The dot step's interface.</param>
/// <param name="HasResiduals">Whether one of its dot steps reads weights whose pairs packing has split.</param>
internal sealed record VectorSyntax(Tier Tier, string Vector, string Dot, bool HasResiduals)
{
    /// <summary>The spelling of a tier.</summary>
    public static VectorSyntax Of(Tier tier) => tier.Bits switch
    {
        512 => new(tier, "Vector512", "IDot512", HasResiduals: true),
        256 => new(tier, "Vector256", "IDot256", HasResiduals: true),
        _ => new(tier, "Vector128", "IDot128", HasResiduals: false),
    };
}
