using System.Linq;
using Kernels.Generators.Planning;

namespace Kernels.Generators.Emission;

/// <summary>One way of multiplying: the condition under which it runs, and the text that runs it.</summary>
/// <param name="Name">Name of the tier, as KernelInfo gives it.</param>
/// <param name="Guard">What .NET says of the CPU.</param>
/// <param name="Form">The form that weights are packed in; null where every other form has a rung above.</param>
/// <param name="Text">The tier whose text it is.</param>
/// <param name="Dot">The dot step, the text's type argument.</param>
internal sealed record Rung(string Name, string Guard, string? Form, Tier Text, string Dot)
{
    /// <summary>The ladder of C# tiers, best first. Several rungs share a text, which is generic over the dot step.</summary>
    /// <remarks>
    /// vpdpbusd on 256 bits stands above vpmaddubsw on 512: it does 2 x 32 products a cycle, and any weights, where
    /// vpmaddubsw, vpmaddwd and vpaddd share two ports for 64 products in 1.5 cycles, and 2 where vectors are split in halves.
    /// </remarks>
    public static readonly EquatableArray<Rung> Ladder = new(
    [
        new("AvxVnni", "AvxVnni.IsSupported", "ExactBytes", Tier.Avx2, "ExactBytes256"),
        new("Avx512", "Avx512BW.IsSupported", "SplitBytes", Tier.Avx512, "Bytes512"),
        new("Avx512", "Avx512BW.IsSupported", null, Tier.Avx512, "Words512"),
        new("Avx2", "Avx2.IsSupported", "SplitBytes", Tier.Avx2, "Bytes256"),
        new("Avx2", "Avx2.IsSupported", null, Tier.Avx2, "Words256"),
        new("Dp", "Dp.IsSupported", "SignedBytes", Tier.Vector128, "SignedBytes128"),
        new("AdvSimd", "AdvSimd.Arm64.IsSupported", "SignedPairs", Tier.Vector128, "SignedPairs128"),
        new("Vector128", "Vector128.IsHardwareAccelerated", null, Tier.Vector128, "Words128"),
    ]);

    /// <summary>Names of the tiers that run a text.</summary>
    public static string Names(Tier text) => string.Join(", ", Ladder.Where(rung => rung.Text == text).Select(rung => rung.Name).Distinct());

    /// <summary>The condition in C#.</summary>
    public string Condition => Form is null ? Guard : $"{Guard} && packed.Form == WeightForm.{Form}";
}
