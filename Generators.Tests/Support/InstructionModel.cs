using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Packing;

namespace Kernels.Generators.Tests.Support;

/// <summary>
/// Instructions that this CPU may lack, put into generated kernels as C#: packing, staging, ladder and tiles are then what runs on a CPU
/// that has them; all but the instructions.
/// </summary>
/// <param name="Form">The form that weights are packed in for it; null where packing finds it itself.</param>
/// <param name="Tier">The tier that has them.</param>
/// <param name="Replacements">What stands in generated texts, and what takes its place. Every text with kernels of C# has the first.</param>
/// <param name="Without">The runtime's switch of the tiers that stand above it on other CPUs; empty for none.</param>
internal sealed record InstructionModel(WeightForm? Form, string Tier, IReadOnlyList<(string Text, string By)> Replacements, string Without)
{
    /// <summary>vpdpbusd of AVX-VNNI.</summary>
    public static readonly InstructionModel AvxVnni = OfDot(WeightForm.ExactBytes, "AvxVnni", "AvxVnni.IsSupported", "ExactBytes256", typeof(ModelledVpdpbusd), "");

    /// <summary>sdot.</summary>
    public static readonly InstructionModel Dp = OfDot(WeightForm.SignedBytes, "Dp", "Dp.IsSupported", "SignedBytes128", typeof(ModelledSdot), "DOTNET_EnableAVX2");

    /// <summary>smull, addp, sadalp.</summary>
    public static readonly InstructionModel AdvSimd = OfDot(WeightForm.SignedPairs, "AdvSimd", "AdvSimd.Arm64.IsSupported", "SignedPairs128", typeof(ModelledSmull), "DOTNET_EnableAVX2");

    /// <summary>Machine code: the emitted bytes, by <see cref="ModelledRoutine"/>.</summary>
    public static readonly InstructionModel MachineCode = new(
        null,
        "Avx512Vnni",
        [
            ("MachineCode.Load(Routines", $"global::{typeof(ModelledRoutine).FullName}.Load(Routines"),
            .. new[] { "LaneCall", "PixelCall", "DepthwiseCall" }.Select(static call => ($"{call}.Run(call", $"global::{typeof(ModelledRoutine).FullName}.Run(Routines, call")),
        ],
        "");

    /// <summary>Puts the model into a generated text.</summary>
    public string Apply(string text) => Replacements.Aggregate(text, static (text, each) => text.Replace(each.Text, each.By, StringComparison.Ordinal));

    private static InstructionModel OfDot(WeightForm form, string tier, string guard, string dot, Type model, string without) =>
        new(form, tier, [(guard, "true"), (dot, "global::" + model.FullName)], without);
}
