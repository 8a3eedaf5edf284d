using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>The kernel class of the Depthwise dataflow.</summary>
internal static class DepthwiseEmitter
{
    /// <summary>The packed weights that the kernel reads.</summary>
    public const string PackedType = "PackedDepthwise";

    // Bytes of the widest vector.
    private const int VectorBytes = 64;

    /// <summary>Emits the members of the kernel class: run, tiers, layout, machine code.</summary>
    public static void Emit(CodeWriter code, KernelPlan plan, DepthwisePlan depthwise)
    {
        KernelFrame.EmitRun(code, plan, PackedType, depthwise.MachineCode, rung => DepthwiseTierEmitter.Image(plan.Spec, depthwise, rung));
        KernelFrame.EmitOptimized(code, plan.Spec);
        foreach (Tier tier in depthwise.Unrolled)
        {
            new DepthwiseTierEmitter(code, plan, depthwise, tier).Emit();
        }

        new DepthwiseTierEmitter(code, plan, depthwise, null).Emit();
        KernelFrame.EmitMembers(code, plan, PackedType);
        EmitLayout(code, plan, depthwise);
        var machine = new DepthwiseTierEmitter(code, plan, depthwise, Tier.Avx512Vnni);
        if (depthwise.MachineCode)
        {
            machine.Emit();
        }

        MachineCodeEmitter.Emit(code, plan, depthwise.MachineCode ? machine.Assemble() : [], permutesBytes: false);
    }

    private static void EmitLayout(CodeWriter code, KernelPlan plan, DepthwisePlan depthwise)
    {
        code.Line("// Where weights go: for each panel how many dot steps its phases have, and for each of these 4 input pixels and their taps.");
        code.Line("private static readonly DepthwiseLayout Layout = new(");
        code.Line("    Spec,");
        code.Line("    " + KernelFrame.RowShape(plan, 1, beyond: Beyond(plan.Spec)) + ",");
        code.Line($"    MayRepeat: {Text.Bool(depthwise.MayRepeat)},");
        code.Line("    [");
        foreach (DepthwisePanelPlan panel in depthwise.Panels)
        {
            code.Line($"        new DepthwisePanel(Quads: {Text.List(panel.Phases.Select(phase => phase.Quads.Count))},");
            code.Line($"            Rows: {Text.List(panel.Quads.SelectMany(quad => quad.Sources).Select(source => source.Row))},");
            code.Line($"            Columns: {Text.List(panel.Quads.SelectMany(quad => quad.Sources).Select(source => source.Column))},");
            code.Line($"            Taps: {Text.List(panel.Quads.SelectMany(quad => quad.Taps))}),");
        }

        code.Line("    ]);").Line();
    }

    // A vector of few channels reaches behind the last pixel.
    private static int Beyond(LayerSpec spec) => spec.OutChannels < VectorBytes ? VectorBytes - 1 : 0;
}
