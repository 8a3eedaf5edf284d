using System.Linq;
using Kernels.Generators.Planning;

namespace Kernels.Generators.Emission;

/// <summary>The kernel class of the Depthwise dataflow.</summary>
internal static class DepthwiseEmitter
{
    /// <summary>Emits the members of the kernel class: run, tiers, layout, machine code.</summary>
    public static void Emit(CodeWriter code, KernelPlan plan, DepthwisePlan depthwise)
    {
        bool machineCode = plan.Spec.MachineCode;
        KernelFrame.EmitRun(code, plan, ChannelLanesEmitter.PackedType, machineCode);
        foreach (Tier tier in Tier.All)
        {
            new DepthwiseTierEmitter(code, plan, depthwise, tier).Emit();
        }

        new DepthwiseTierEmitter(code, plan, depthwise, null).Emit();
        KernelFrame.EmitMembers(code, plan, ChannelLanesEmitter.PackedType);
        EmitLayout(code, plan, depthwise);
        var machine = new DepthwiseTierEmitter(code, plan, depthwise, Tier.Avx512Vnni);
        if (machineCode)
        {
            machine.Emit();
        }

        MachineCodeEmitter.Emit(code, plan.Spec, machineCode ? machine.Assemble() : [], permutesBytes: false);
    }

    private static void EmitLayout(CodeWriter code, KernelPlan plan, DepthwisePlan depthwise)
    {
        code.Line("// Where weights go: for each panel the first pixels of its quads and the taps in them.");
        code.Line("private static readonly LaneLayout Layout = new(");
        code.Line("    Spec,");
        code.Line("    " + KernelFrame.RowShape(plan, 1, depthwise.LastColumn) + ",");
        code.Line("    [");
        foreach (DepthwisePanelPlan panel in depthwise.Panels)
        {
            code.Line($"        new LanePanel(1, Rows: {Text.List(panel.Steps.Select(step => step.Row))}, "
                + $"Columns: {Text.List(panel.Steps.Select(step => step.Column))}, Taps: {Text.List(panel.Steps.SelectMany(step => step.Taps))}),");
        }

        code.Line("    ],");
        code.Line($"    new QuadShape(Rows: {Text.Number(depthwise.QuadRows)}, RowStep: {Text.Number(depthwise.RowStep)}, ColumnStep: {Text.Number(depthwise.ColumnStep)}));").Line();
    }
}
