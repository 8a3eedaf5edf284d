using System.Collections.Generic;

namespace Kernels.Shared;

/// <summary>One way of multiplying, and the condition under which a kernel runs it.</summary>
/// <param name="Name">Name of the tier, as KernelInfo gives it.</param>
/// <param name="Guard">What .NET says of the CPU, as C#.</param>
/// <param name="Form">The WeightForm that weights are packed in; null where every other form has a rung above.</param>
/// <param name="Text">Name of the generated text that runs it. Several rungs share a text, which is generic over the dot step.</param>
/// <param name="Dot">The dot step, the text's type argument.</param>
internal sealed record TierRung(string Name, string Guard, string? Form, string Text, string Dot);

/// <summary>The ladder of C# tiers, best first: kernels descend it, packing chooses forms by it, and KernelInfo tells where it ends.</summary>
internal static class TierLadder
{
    /// <summary>The tier above the ladder, whose tiles are machine code.</summary>
    public const string MachineCode = "Avx512Vnni";

    /// <summary>The tier below it.</summary>
    public const string Scalar = "Scalar";

    /// <summary>The rungs.</summary>
    /// <remarks>
    /// vpdpbusd on 256 bits stands above vpmaddubsw on 512: it does 2 x 32 products a cycle, and any weights, where
    /// vpmaddubsw, vpmaddwd and vpaddd share two ports for 64 products in 1.5 cycles, and 2 where vectors are split in halves.
    /// </remarks>
    public static readonly IReadOnlyList<TierRung> Rungs =
    [
        new("AvxVnni", "AvxVnni.IsSupported", "ExactBytes", "Avx2", "ExactBytes256"),
        new("Avx512", "Avx512BW.IsSupported", "SplitBytes", "Avx512", "Bytes512"),
        new("Avx512", "Avx512BW.IsSupported", null, "Avx512", "Words512"),
        new("Avx2", "Avx2.IsSupported", "SplitBytes", "Avx2", "Bytes256"),
        new("Avx2", "Avx2.IsSupported", null, "Avx2", "Words256"),
        new("Dp", "Dp.IsSupported", "SignedBytes", "Vector128", "SignedBytes128"),
        new("AdvSimd", "AdvSimd.Arm64.IsSupported", "SignedPairs", "Vector128", "SignedPairs128"),
        new("AdvSimd", "AdvSimd.Arm64.IsSupported", null, "Vector128", "Words128"),
        new("Vector128", "Vector128.IsHardwareAccelerated", null, "Vector128", "Words128"),
    ];
}
