using System.Linq;
using Kernels.Generators.Planning;

namespace Kernels.Generators.Emission;

/// <summary>The kernel class of the PixelLanes dataflow.</summary>
internal static class PixelLanesEmitter
{
    /// <summary>The packed weights that the kernel reads.</summary>
    public const string PackedType = "PackedPixelLanes";

    /// <summary>Emits the members of the kernel class: run, tiers, layout, machine code.</summary>
    public static void Emit(CodeWriter code, KernelPlan plan, PixelLanesPlan pixels)
    {
        KernelFrame.EmitRun(code, plan, PackedType, pixels.MachineCode, rung => PixelTierEmitter.Image(plan.Spec, pixels, rung));
        KernelFrame.EmitOptimized(code, plan.Spec);
        foreach (Tier tier in pixels.Unrolled)
        {
            new PixelTierEmitter(code, plan, pixels, tier).Emit();
        }

        new PixelTierEmitter(code, plan, pixels, null).Emit();
        KernelFrame.EmitMembers(code, plan, PackedType);
        EmitLayout(code, plan, pixels);
        var machine = new PixelTierEmitter(code, plan, pixels, Tier.Avx512Vnni);
        if (pixels.MachineCode)
        {
            machine.Emit();
        }

        MachineCodeEmitter.Emit(code, plan, pixels.MachineCode ? machine.Assemble() : [], permutesBytes: true);
    }

    private static void EmitLayout(CodeWriter code, KernelPlan plan, PixelLanesPlan pixels)
    {
        code.Line("// Where weights go: for each panel the input pixels of its steps and the taps that each phase multiplies them by.");
        code.Line("private static readonly PixelLayout Layout = new(");
        code.Line("    Spec,");
        code.Line("    " + KernelFrame.RowShape(plan, pixels.UnitChannels) + Residues(plan) + ",");
        code.Line("    [");
        foreach (PixelPanelPlan panel in pixels.Panels)
        {
            int phases = plan.Geometry.Horizontal.Phases.Count;
            code.Line($"        new PixelPanel(FirstChannel: {Text.Number(panel.FirstChannel)}, Channels: {Text.Number(panel.Channels)}, Phases: {Text.Number(phases)}, "
                + $"Rows: {Text.List(panel.Steps.Select(step => step.StagedRow))}, Columns: {Text.List(panel.Steps.Select(step => step.StagedColumn))}, "
                + $"Taps: {Text.List(panel.Steps.SelectMany(step => step.Taps))}),");
        }

        code.Line("    ]);").Line();
    }

    private static string Residues(KernelPlan plan) => plan.Geometry.Horizontal.InputStride == 1
        ? string.Empty
        : $" {{ Residues = {Text.List(plan.Geometry.Horizontal.Residues)} }}";
}
