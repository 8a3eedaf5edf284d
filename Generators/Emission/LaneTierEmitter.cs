using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;
using Kernels.Shared;

namespace Kernels.Generators.Emission;

/// <summary>ChannelLanes on one tier: the walk over an image, rows of tiles, and (through <see cref="LaneTileEmitter"/>) tiles.</summary>
/// <param name="code">Receives the code.</param>
/// <param name="plan">The plan.</param>
/// <param name="lanes">Its dataflow.</param>
/// <param name="tiles">The tier's tiles; null for the loops of the runtime, which any tier can run.</param>
internal sealed class LaneTierEmitter(CodeWriter code, KernelPlan plan, ChannelLanesPlan lanes, TilePlan? tiles)
{
    private readonly LayerSpec _spec = plan.Spec;
    private readonly string _tier = tiles?.Tier.Name ?? "Loops";
    private readonly int _panelLanes = lanes.Panels[0].Lanes(plan.Spec);

    // Input channels, and output codes, from one output pixel of a panel to the next.
    private int InputStep => plan.Geometry.Horizontal.InputStride * _spec.InChannels;

    private int OutputStep => plan.Geometry.Horizontal.OutputStride * _spec.OutChannels;

    private string Generic => IsMachineCode ? string.Empty : tiles is null ? "<TLoops>" : "<TDot>";

    private bool IsMachineCode => tiles?.Tier.IsMachineCode == true;

    private string CountParameter => tiles!.Count is null ? ", int count" : string.Empty;

    // Behind a number of channels: how many bytes they are. Machine code reads staged bytes.
    private string PerChannelBytes => IsMachineCode ? string.Empty : tiles is null ? " * TLoops.ChannelBytes" : " * TDot.ChannelBytes";

    /// <summary>The walk over an image on a rung: in unrolled tiles where the tier has them, in loops elsewhere.</summary>
    public static string Image(LayerSpec spec, ChannelLanesPlan lanes, TierRung? rung) =>
        rung is null ? "ImageLoops<ScalarLanes>"
        : lanes.Tiles.FirstOrDefault(tiles => tiles.Tier.Name == rung.Text) is TilePlan unrolled ? KernelFrame.Unrolled(rung)
        : $"ImageLoops<{Loops(spec, Tier.Of(rung), rung.Dot)}>";

    private static string Loops(LayerSpec spec, Tier tier, string dot) => $"LaneLoops{Text.Number(tier.Bits)}<{dot}, {FusedEmitter.LaneCodes(spec)}>";

    /// <summary>Emits the walk over an image: input rows of each output row, then the row's panels.</summary>
    public void EmitImage()
    {
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        code.Line($"private static void Image{_tier}{Generic}(PackedChannelLanes packed, in KernelImage image)");
        EmitConstraint();
        code.Open();
        if (tiles is not null && !IsMachineCode)
        {
            code.Open("if (!Optimized)");
            code.Line($"ImageLoops<{Loops(_spec, tiles.Tier, "TDot")}>(packed, image);");
            code.Line("return;");
            code.Close().Line();
        }

        code.Line("var window = new RowWindow(Layout.Rows, image, packed);");
        FusedEmitter.EmitScalars(code, _spec);
        if (IsMachineCode)
        {
            int steps = lanes.Patterns.Max(pattern => pattern.Steps);
            code.Line($"byte** steps = stackalloc byte*[{Text.Number(System.Math.Max(1, steps))}];");
            code.Line($"LaneCall call = new() {{ Steps = steps, Epilogue = {FusedEmitter.Scalars(_spec)}, Code = packed.Code.Entry(0) }};");
        }

        KernelFrame.OpenRows(code, plan);
        foreach (IGrouping<int, LanePanelPlan> phase in lanes.Panels.GroupBy(panel => panel.Vertical.Index))
        {
            KernelFrame.OpenPhase(code, plan, phase.Key);
            foreach (LanePanelPlan panel in phase)
            {
                EmitPanel(panel);
            }

            KernelFrame.ClosePhase(code, plan, phase.Key);
        }

        code.Close();
        code.Close().Line();
        if (tiles is null)
        {
            EmitShapes();
        }
    }

    /// <summary>Emits the rows and tiles of every pattern.</summary>
    public void EmitRows()
    {
        if (IsMachineCode)
        {
            EmitRoutineRow();
            return;
        }

        foreach (StepPattern pattern in lanes.Patterns)
        {
            EmitRow(pattern);
            foreach (int blocks in tiles!.Blocks.Distinct())
            {
                foreach (int width in tiles.Widths)
                {
                    new LaneTileEmitter(code, plan, lanes, tiles, pattern, blocks, width).Emit();
                }
            }
        }
    }

    private void EmitConstraint()
    {
        if (Generic.Length > 0)
        {
            code.Line(tiles is null ? "    where TLoops : struct, ILaneLoops" : $"    where TDot : struct, {VectorSyntax.Of(tiles.Tier).Dot}");
        }
    }

    private void EmitPanel(LanePanelPlan panel)
    {
        StepPattern pattern = lanes.Patterns[panel.Pattern];
        int phase = panel.Horizontal[0].Index;
        string rows = KernelFrame.Rows(plan, panel.Vertical);
        string x = panel.Horizontal[0].First == 0 ? "0" : $"{Text.Number(panel.Horizontal[0].First * _spec.InChannels)}{PerChannelBytes}";
        string line = phase == 0 ? "line" : $"line + {Text.Number(phase * _spec.OutChannels)}";
        string block = $"packed.Panel({Text.Number(panel.Index)})";
        string count = tiles?.Count is null ? ", " + KernelFrame.Columns(plan, phase) : string.Empty;
        if (IsMachineCode)
        {
            code.Line($"call.Look({rows}, {Text.Number(pattern.Rows)}, {Text.Number(pattern.RowStep)}, {Text.Number(pattern.Columns)}, {Text.Number(pattern.ColumnStep * _spec.InChannels)}, {Text.Number(pattern.Units)});");
            code.Line($"Row{_tier}({x}, {block}, {line}{count}, &call);");
            return;
        }

        if (tiles is not null)
        {
            code.Line($"Row{Text.Name(pattern)}{_tier}<TDot>({rows}, {x}, {block}, {FusedEmitter.Scalars(_spec)}, {line}{count});");
            return;
        }

        code.Line($"TLoops.Row({ShapeName(pattern)}, {rows}, {x}, {block}, {FusedEmitter.Scalars(_spec)}, {line}{count});");
    }

    private static string ShapeName(StepPattern pattern) => "Shape" + Text.Name(pattern);

    private void EmitShapes()
    {
        code.Line("// What loops read and unrolled tiles have in their text.");
        foreach (StepPattern pattern in lanes.Patterns)
        {
            code.Line($"private static readonly LaneShape {ShapeName(pattern)} = new(Groups: {Text.Number(_spec.Groups)}, GroupChannels: {Text.Number(_spec.GroupInputs)}, StepChannels: {Text.Number(pattern.Units * 4)}, Lanes: {Text.Number(_panelLanes)},");
            code.Line($"    Rows: {Text.Number(pattern.Rows)}, RowStep: {Text.Number(pattern.RowStep)}, Columns: {Text.Number(pattern.Columns)}, ColumnStep: {Text.Number(pattern.ColumnStep)}, "
                + $"PixelStride: {Text.Number(_spec.InChannels)}, InputStep: {Text.Number(InputStep)}, OutputStep: {Text.Number(OutputStep)}, Leaky: {Text.Bool(_spec.Activation == ActivationKind.LeakyRelu)});");
        }

        code.Line();
    }

    private void EmitRow(StepPattern pattern)
    {
        code.Line($"// One row of output pixels: {Text.Number(pattern.Rows)}{(pattern.MergesTaps ? $" steps of {Text.Number(pattern.Units)} units" : $"x{Text.Number(pattern.Columns)} steps")}, {Text.Number(_panelLanes)} lanes"
            + (_spec.Groups > 1 ? $" a group." : "."));
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        code.Line($"private static void Row{Text.Name(pattern)}{_tier}<TDot>(byte** rows, nint x, LaneBlock* block, EpilogueScalars* e, byte* output{CountParameter})");
        EmitConstraint();
        EmitBlocks((blocks, block, output, isLast) => EmitTiles(pattern, blocks, block, output, isLast));
    }

    // Routines know steps as a table: one row serves all patterns.
    private void EmitRoutineRow()
    {
        code.Line($"// One row of output pixels: {Text.Number(_panelLanes)} lanes" + (_spec.Groups > 1 ? $" a group." : "."));
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        code.Line($"private static void Row{_tier}(nint x, LaneBlock* block, byte* output{CountParameter}, LaneCall* call)");
        EmitBlocks(EmitRoutines);
    }

    // The groups and blocks of a row. Where tiles of full blocks also serve a partly filled last one, the last argument says when.
    private void EmitBlocks(System.Action<int, string, string, string?> emitTiles)
    {
        int blocks = tiles!.Blocks.Sum();
        code.Open();
        if (_spec.Groups > 1)
        {
            code.Open($"for (int group = 0; group < {Text.Number(_spec.Groups)}; group++, x += {Text.Number(_spec.GroupInputs)}{PerChannelBytes}, block += {Text.Number(blocks)}, output += {Text.Number(_spec.GroupOutputs)})");
        }

        int first = 0;
        foreach (IGrouping<int, int> run in tiles.Blocks.GroupBy(tile => tile))
        {
            int end = first + run.Sum();
            if (run.Count() > 1)
            {
                code.Open($"for (int b = {Text.Number(first)}; b < {Text.Number(end)}; b += {Text.Number(run.Key)})");
                emitTiles(run.Key, "block + b", "output + b * 16", LaneTileEmitter.HasLaneParameter(tiles, run.Key, _panelLanes) ? $"b == {Text.Number(end - run.Key)}" : null);
                code.Close();
            }
            else
            {
                code.Open();
                string b = first == 0 ? "block" : $"block + {Text.Number(first)}";
                string o = first == 0 ? "output" : $"output + {Text.Number(first * 16)}";
                emitTiles(run.Key, b, o, null);
                code.Close();
            }

            first = end;
        }

        if (_spec.Groups > 1)
        {
            code.Close();
        }

        code.Close().Line();
    }

    private void EmitTiles(StepPattern pattern, int blocks, string block, string output, string? isLast)
    {
        string lane = isLast is null ? string.Empty : $", {isLast} ? {Text.Number(_panelLanes % 16)} : 16";
        EmitWalk((width, i, _) =>
        {
            string name = LaneTileEmitter.Name(tiles!, pattern, blocks, width);
            code.Line($"{name}<TDot>(rows, {Text.At("x", i, InputStep)}{(i == "0" ? string.Empty : " * TDot.ChannelBytes")}, {block}, e, {Text.At(output, i, OutputStep)}{lane});");
        });
    }

    private void EmitRoutines(int blocks, string block, string output, string? isLast)
    {
        if (LaneTileEmitter.IsPartial(tiles!, blocks, _panelLanes))
        {
            string full = Mask(blocks * 16);
            string part = Mask((blocks - 1) * 16 + _panelLanes % 16);
            code.Line($"call->Mask = {(isLast is null ? part : $"{isLast} ? {part} : {full}")};");
        }

        EmitWalk((width, i, count) => code.Line(
            $"LaneCall.Run(call, {MachineCodeEmitter.Constant(LaneTileEmitter.Name(tiles!, lanes.Patterns[0], blocks, width))}, {Text.Number(width * blocks)}, "
            + $"{Text.At("x", i, InputStep)}, {block}, {Text.At(output, i, OutputStep)}, {count});"));
    }

    // The tiles of a row; pixels by themselves where it is narrower than all others.
    private void EmitWalk(System.Action<int, string, string> emitCall)
    {
        var walk = new WalkEmitter(code, tiles!.Walk, IsMachineCode, emitCall);
        if (tiles.Count is int known)
        {
            walk.Emit(tiles.Walk.Cover(known));
            return;
        }

        walk.Emit("count");
        if (IsMachineCode)
        {
            emitCall(1, "i", "(count - i)");
            return;
        }

        code.Open("for (; i < count; i++)");
        emitCall(1, "i", "1");
        code.Close();
    }

    /// <summary>A bit for each of so many lanes, in C#.</summary>
    public static string Mask(int lanes) => $"0x{((1UL << lanes) - 1).ToString("x", System.Globalization.CultureInfo.InvariantCulture)}UL";
}
