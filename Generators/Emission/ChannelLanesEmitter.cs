using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>The kernel class of the ChannelLanes dataflow: layout for packing, one ladder of tiers, rows, tiles.</summary>
internal static class ChannelLanesEmitter
{
    /// <summary>The packed weights that the kernel reads.</summary>
    public const string PackedType = "PackedChannelLanes";

    /// <summary>Emits the members of the kernel class: run, tiers, layout, machine code.</summary>
    public static void Emit(CodeWriter code, KernelPlan plan, ChannelLanesPlan lanes)
    {
        KernelFrame.EmitRun(code, plan, PackedType, lanes.MachineTiles is not null, rung => LaneTierEmitter.Image(plan.Spec, lanes, rung));
        KernelFrame.EmitOptimized(code, plan.Spec);
        foreach (TilePlan tiles in lanes.Tiles)
        {
            var tier = new LaneTierEmitter(code, plan, lanes, tiles);
            tier.EmitImage();
            tier.EmitRows();
        }

        new LaneTierEmitter(code, plan, lanes, null).EmitImage();
        if (plan.Spec.IsFused)
        {
            FusedEmitter.EmitLanes(code, plan.Spec);
        }

        KernelFrame.EmitMembers(code, plan, PackedType);
        EmitLayout(code, plan, lanes);
        if (lanes.MachineTiles is TilePlan machine)
        {
            var tier = new LaneTierEmitter(code, plan, lanes, machine);
            tier.EmitImage();
            tier.EmitRows();
        }

        MachineCodeEmitter.Emit(code, plan, [.. MachineTiles(code, plan, lanes)], permutesBytes: false);
    }

    private static IEnumerable<MachineTile> MachineTiles(CodeWriter code, KernelPlan plan, ChannelLanesPlan lanes) => lanes.MachineTiles is not TilePlan tiles
        ? []
        : from blocks in tiles.Blocks.Distinct()
          from width in tiles.Widths
          select new LaneTileEmitter(code, plan, lanes, tiles, lanes.Patterns[0], blocks, width).Assemble();

    private static void EmitLayout(CodeWriter code, KernelPlan plan, ChannelLanesPlan lanes)
    {
        LayerSpec spec = plan.Spec;
        code.Line("// Where weights go: for each panel the input pixels of its steps and the taps that multiply them"
            + (lanes.Patterns.Any(pattern => pattern.MergesTaps) ? ", a row of taps at a step." : "."));
        code.Line("private static readonly LaneLayout Layout = new(");
        code.Line("    Spec,");
        code.Line("    " + KernelFrame.RowShape(plan, spec.GroupInputs, beyond: lanes.Beyond(spec)) + ",");
        code.Line("    [");
        foreach (LanePanelPlan panel in lanes.Panels)
        {
            StepPattern pattern = lanes.Patterns[panel.Pattern];
            IEnumerable<(int Row, int Column)> steps = Enumerable.Range(0, pattern.Steps).Select(step => (step / pattern.Columns * pattern.RowStep, step % pattern.Columns * pattern.ColumnStep));
            code.Line($"        new LanePanel({Text.Number(panel.Horizontal.Count)}, Rows: {Text.List(steps.Select(step => step.Row))}, "
                + $"Columns: {Text.List(steps.Select(step => step.Column))}, Taps: {Text.List(panel.Taps(spec))}{(panel.StepTaps == 1 ? string.Empty : ", StepTaps: " + Text.Number(panel.StepTaps))}),");
        }

        code.Line("    ]);").Line();
    }
}
