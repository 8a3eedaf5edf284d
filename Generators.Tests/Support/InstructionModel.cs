using System;
using Kernels.Packing;

namespace Kernels.Generators.Tests.Support;

/// <summary>
/// An instruction that this CPU may lack, put into generated kernels as a struct of C#: packing, staging, ladder and tiles are
/// then what runs on a CPU that has it; all but the instruction.
/// </summary>
/// <param name="Form">The form that weights are packed in for it.</param>
/// <param name="Tier">The tier that has it.</param>
/// <param name="Guard">What the ladder asks.</param>
/// <param name="Dot">The dot step that it calls.</param>
/// <param name="Model">The struct in its place.</param>
/// <param name="Without">The runtime's switch of the tiers that stand above it on other CPUs; empty for none.</param>
internal sealed record InstructionModel(WeightForm Form, string Tier, string Guard, string Dot, Type Model, string Without)
{
    /// <summary>vpdpbusd of AVX-VNNI.</summary>
    public static readonly InstructionModel AvxVnni = new(WeightForm.ExactBytes, "AvxVnni", "AvxVnni.IsSupported", "ExactBytes256", typeof(ModelledVpdpbusd), "");

    /// <summary>sdot.</summary>
    public static readonly InstructionModel Dp = new(WeightForm.SignedBytes, "Dp", "Dp.IsSupported", "SignedBytes128", typeof(ModelledSdot), "DOTNET_EnableAVX2");

    /// <summary>smull, addp, sadalp.</summary>
    public static readonly InstructionModel AdvSimd = new(WeightForm.SignedPairs, "AdvSimd", "AdvSimd.Arm64.IsSupported", "SignedPairs128", typeof(ModelledSmull), "DOTNET_EnableAVX2");

    /// <summary>Puts the model into a generated text.</summary>
    public string Apply(string text) => text
        .Replace(Guard, "true", StringComparison.Ordinal)
        .Replace(Dot, "global::" + Model.FullName, StringComparison.Ordinal);
}
