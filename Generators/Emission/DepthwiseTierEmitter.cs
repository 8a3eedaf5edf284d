using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>Depthwise on one tier: the walk over an image, rows of tiles, tiles.</summary>
/// <param name="code">Receives the code.</param>
/// <param name="plan">The plan.</param>
/// <param name="depthwise">Its dataflow.</param>
/// <param name="tier">The tier; null for the scalar one, whose rows are a helper of the runtime.</param>
internal sealed class DepthwiseTierEmitter(CodeWriter code, KernelPlan plan, DepthwisePlan depthwise, Tier? tier)
{
    private readonly int _channels = plan.Spec.OutChannels;
    private readonly string _name = tier?.Name ?? "Scalar";

    // Bytes of a pixel's quads, and from one output pixel's quads to the next one's.
    private int PixelBytes => _channels * 4;

    private int InputStep => plan.Geometry.Horizontal.InputStride * PixelBytes;

    private int OutputStep => plan.Geometry.Horizontal.OutputStride * _channels;

    private string Generic => tier is null || IsMachineCode ? string.Empty : "<TDot>";

    private bool IsMachineCode => tier?.IsMachineCode == true;

    /// <summary>The routines of the tiles in machine code.</summary>
    public MachineTile[] Assemble() =>
    [
        .. DepthwisePlan.MachineWidths.Select(width => LaneAssembler.Tile(
            RoutineName(width),
            new LaneTileShape(width, Blocks: 1, IsPartial: _channels % 16 != 0, IsDepthwise: true),
            units: 1,
            InputStep,
            OutputStep,
            plan.Spec)),
    ];

    /// <summary>Emits the tier.</summary>
    public void Emit()
    {
        EmitImage();
        if (tier is null)
        {
            return;
        }

        if (IsMachineCode)
        {
            foreach (int? count in depthwise.Panels.Select(Count).Distinct())
            {
                EmitRoutineRow(count);
            }

            return;
        }

        if (plan.Spec.IsFused)
        {
            FusedEmitter.EmitLanes(code, plan.Spec, tier);
        }

        foreach (DepthwisePanelPlan panel in depthwise.Panels)
        {
            EmitRow(panel);
            foreach (int width in Widths(panel))
            {
                EmitTile(panel, width);
            }
        }
    }

    private void EmitImage()
    {
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        code.Line($"private static void Image{_name}{Generic}(PackedChannelLanes packed, in KernelImage image)");
        EmitConstraint();
        code.Open();
        code.Line("var window = new QuadRows(Layout.Rows, Layout.Quads!.Value, image, packed);");
        FusedEmitter.EmitScalars(code, plan.Spec);
        if (IsMachineCode)
        {
            int steps = depthwise.Panels.Max(panel => panel.Steps.Count);
            code.Line($"byte** steps = stackalloc byte*[{Text.Number(System.Math.Max(1, steps))}];");
            code.Line($"LaneCall call = new() {{ Steps = steps, Epilogue = {FusedEmitter.Scalars(plan.Spec)}, Code = packed.Code.Entry(0) }};");
        }

        KernelFrame.OpenRows(code, plan);
        foreach (IGrouping<int, DepthwisePanelPlan> phase in depthwise.Panels.GroupBy(panel => panel.Vertical.Index))
        {
            KernelFrame.OpenPhase(code, plan, phase.Key);
            foreach (DepthwisePanelPlan panel in phase)
            {
                string index = Text.Number(panel.Index);
                int horizontal = panel.Horizontal.Index;
                string line = horizontal == 0 ? "line" : $"line + {Text.Number(horizontal * _channels)}";
                string count = KernelFrame.Columns(plan, horizontal);
                string rows = KernelFrame.Rows(plan, panel.Vertical);
                if (IsMachineCode)
                {
                    EmitRoutinePanel(panel, line, count);
                    continue;
                }

                code.Line(tier is null
                    ? $"ScalarQuads.Row(packed, {index}, {rows}, window.Plane, {Text.Bool(plan.Spec.Activation == ActivationKind.LeakyRelu)}, {line}, {count}{FusedEmitter.ScalarsArgument(plan.Spec)});"
                    : $"Row{index}{_name}<TDot>({rows}, window.Plane, packed.Panel({index}), {FusedEmitter.Scalars(plan.Spec)}, {line}{(Count(panel) is null ? ", " + count : string.Empty)});");
            }

            KernelFrame.ClosePhase(code, plan, phase.Key);
        }

        code.Close();
        code.Close().Line();
    }

    private void EmitConstraint()
    {
        if (Generic.Length > 0)
        {
            code.Line($"    where TDot : struct, {VectorSyntax.Of(tier!).Dot}");
        }
    }

    private int? Count(DepthwisePanelPlan panel) => plan.Geometry.Horizontal.CountOf(panel.Horizontal.Index);

    // The widths of tiles that a row has; of any row when its length is not known.
    private IEnumerable<int> Widths(DepthwisePanelPlan panel) => Count(panel) is not int count
        ? DepthwisePlan.Widths
        : DepthwisePlan.Walk.Cover(count).Widths;

    private string TileName(DepthwisePanelPlan panel, int width) => $"Tile{Text.Number(panel.Index)}_{Text.Number(width)}{_name}";

    private string RoutineName(int width) => $"Tile{Text.Number(width)}{_name}";

    private void EmitRoutinePanel(DepthwisePanelPlan panel, string line, string count)
    {
        int first = panel.Vertical.Taps.Count == 0 ? 0 : panel.Vertical.First - plan.Geometry.Vertical.First;
        for (int s = 0; s < panel.Steps.Count; s++)
        {
            QuadStep step = panel.Steps[s];
            code.Line($"steps[{Text.Number(s)}] = rows[{Text.Number(first + step.Row)}]{Offset(step.Column * PixelBytes)};");
        }

        code.Line($"call.Begin({Text.Number(panel.Steps.Count)}, 1);");
        code.Line($"{RoutineRow(Count(panel))}(packed.Panel({Text.Number(panel.Index)}), {line}{(Count(panel) is null ? ", " + count : string.Empty)}, &call);");
    }

    private string RoutineRow(int? count) => $"Row{(count is int known ? Text.Number(known) : string.Empty)}{_name}";

    // Routines know steps as a table: one row serves all phases that have as many pixels.
    private void EmitRoutineRow(int? count)
    {
        int blocks = (_channels + 15) / 16;
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        code.Line($"private static void {RoutineRow(count)}(LaneBlock* block, byte* output{(count is null ? ", int count" : string.Empty)}, LaneCall* call)");
        code.Open();
        code.Open($"for (int b = 0; b < {Text.Number(blocks)}; b++)");
        if (_channels % 16 != 0)
        {
            code.Line($"call->Mask = b == {Text.Number(blocks - 1)} ? {LaneTierEmitter.Mask(_channels % 16)} : {LaneTierEmitter.Mask(16)};");
        }

        EmitWalk(DepthwisePlan.MachineWalk, count, (width, i, tiles) => code.Line(
            $"LaneCall.Run(call, {MachineCodeEmitter.Constant(RoutineName(width))}, {Text.Number(width)}, {Text.At("b * 64", i, InputStep)}, block + b, {Text.At("output + b * 16", i, OutputStep)}, {tiles});"));
        code.Close().Close().Line();
    }

    private void EmitWalk(TileWalk walk, int? count, System.Action<int, string, string> emitCall)
    {
        var tiles = new WalkEmitter(code, walk, IsMachineCode, emitCall);
        if (count is int known)
        {
            tiles.Emit(walk.Cover(known));
        }
        else
        {
            tiles.Emit("count");
        }
    }

    private void EmitRow(DepthwisePanelPlan panel)
    {
        int blocks = (_channels + 15) / 16;
        int rest = _channels % 16;
        string lanes = rest == 0 ? "16" : blocks == 1 ? Text.Number(rest) : $"b == {Text.Number(blocks - 1)} ? {Text.Number(rest)} : 16";
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        code.Line($"private static void Row{Text.Number(panel.Index)}{_name}<TDot>(byte** rows, nint plane, LaneBlock* block, EpilogueScalars* e, byte* output{(Count(panel) is null ? ", int count" : string.Empty)})");
        EmitConstraint();
        code.Open();
        EmitWalk(DepthwisePlan.Walk, Count(panel), EmitCall);
        code.Close().Line();

        void EmitCall(int width, string i, string tiles)
        {
            code.Open($"for (int b = 0; b < {Text.Number(blocks)}; b++)");
            code.Line($"{TileName(panel, width)}<TDot>(rows, plane, (nint){i} * {Text.Number(InputStep)} + b * 64, block + b, e, output + (nint){i} * {Text.Number(OutputStep)} + b * 16, {lanes});");
            code.Close();
        }
    }

    private void EmitTile(DepthwisePanelPlan panel, int width)
    {
        VectorSyntax syntax = VectorSyntax.Of(tier!);
        int vectors = tier!.BlockVectors;
        code.Line($"// {Text.Number(width)} pixels x 16 channels of phase ({Text.Number(panel.Vertical.Index)}, {Text.Number(panel.Horizontal.Index)}).");
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        code.Line($"private static void {TileName(panel, width)}<TDot>(byte** rows, nint plane, nint x, LaneBlock* block, EpilogueScalars* e, byte* output, int lanes)");
        EmitConstraint();
        code.Open();

        // 16 lanes are 1, 2 or 4 vectors: one after the other, so that accumulators stay in registers.
        for (int v = 0; v < vectors; v++)
        {
            EmitVector(panel, syntax, width, v);
        }

        code.Close().Line();
    }

    private void EmitVector(DepthwisePanelPlan panel, VectorSyntax syntax, int width, int vector)
    {
        int firstLane = vector * tier!.Lanes;
        string lane = firstLane == 0 ? string.Empty : $" + {Text.Number(firstLane)}";
        string bytes = firstLane == 0 ? string.Empty : $" + {Text.Number(firstLane * 4)}";
        code.Open(firstLane == 0 ? null : $"if (lanes > {Text.Number(firstLane)})");
        code.Line($"{syntax.Vector}<int> acc0 = {syntax.Vector}.Load(block->Start{lane});");
        if (width > 1)
        {
            code.Line($"{syntax.Vector}<int> " + string.Join(", ", Enumerable.Range(1, width - 1).Select(p => $"acc{Text.Number(p)} = acc0")) + ";");
        }

        for (int s = 0; s < panel.Steps.Count; s++)
        {
            QuadStep step = panel.Steps[s];
            code.Line($"// Quad at row {Text.Number(step.Row)}, column {Text.Number(step.Column)}.");
            code.Open();
            code.Line($"byte* at = rows[{Text.Number(step.Row)}] + x{Offset(step.Column * PixelBytes + firstLane * 4)};");
            code.Line($"{syntax.Vector}<int> k = {syntax.Vector}.Load((int*)(block->Weights + {Text.Number(s * 64)} * TDot.ChannelBytes{bytes}));");
            EmitDots(syntax, width);
            code.Open("if (TDot.ChannelBytes == 2)");
            code.Line("at += plane;");
            code.Line($"k = {syntax.Vector}.Load((int*)(block->Weights + {Text.Number(s * 128 + 64)}{bytes}));");
            EmitDots(syntax, width);
            code.Close().Close();
        }

        if (syntax.HasResiduals && panel.Steps.Count > 0)
        {
            code.Open("for (Residual* r = block->Residuals, end = r + block->ResidualCount; r < end; r++)");
            code.Line($"byte* at = rows[r->Row] + x + r->Offset{bytes};");
            code.Line($"{syntax.Vector}<int> k = {syntax.Vector}.Load((int*)(r->Weights{bytes}));");
            EmitDots(syntax, width);
            code.Close();
        }

        string count = tier.Lanes == 16 ? "lanes" : $"Math.Min(lanes{(firstLane == 0 ? string.Empty : $" - {Text.Number(firstLane)}")}, {Text.Number(tier.Lanes)})";
        if (plan.Spec.IsFused)
        {
            for (int p = 0; p < width; p++)
            {
                string target = $"output{Offset(p * OutputStep + firstLane)}";
                code.Line($"Lanes.Store({target}, {FusedEmitter.Name(tier)}(acc{Text.Number(p)}, block, {Text.Number(firstLane)}, e, {target}, {count}), {count});");
            }

            code.Close();
            return;
        }

        code.Line($"{syntax.Vector}<float> bias = {syntax.Vector}.Load(block->Bias{lane}), multiplier = {syntax.Vector}.Load(block->Multiplier{lane});");
        string requantize = plan.Spec.Activation == ActivationKind.LeakyRelu ? "Lanes.RequantizeLeaky" : "Lanes.Requantize";
        for (int p = 0; p < width; p++)
        {
            code.Line($"Lanes.Store(output{Offset(p * OutputStep + firstLane)}, {requantize}(acc{Text.Number(p)}, bias, multiplier, *e), {count});");
        }

        code.Close();
    }

    private void EmitDots(VectorSyntax syntax, int width)
    {
        for (int p = 0; p < width; p++)
        {
            string n = Text.Number(p);
            code.Line($"acc{n} = TDot.Step(acc{n}, {syntax.Vector}.Load((int*){(p == 0 ? "at" : $"(at + {Text.Number(p * InputStep)})")}), k);");
        }
    }

    private static string Offset(int bytes) => bytes == 0 ? string.Empty : bytes > 0 ? " + " + Text.Number(bytes) : " - " + Text.Number(-bytes);
}
