using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;
using Kernels.Shared;

namespace Kernels.Generators.Emission;

/// <summary>Depthwise on one tier: the walk over an image, rows of tiles, and (through <see cref="DepthwiseTileEmitter"/>) tiles.</summary>
/// <param name="code">Receives the code.</param>
/// <param name="plan">The plan.</param>
/// <param name="depthwise">Its dataflow.</param>
/// <param name="tier">The tier; null for the loops of the runtime, which any tier can run.</param>
internal sealed class DepthwiseTierEmitter(CodeWriter code, KernelPlan plan, DepthwisePlan depthwise, Tier? tier)
{
    private readonly int _channels = plan.Spec.OutChannels;
    private readonly string _name = tier?.Name ?? "Loops";
    private readonly DepthwiseLanes? _lanes = tier is null ? null : depthwise.LanesOf(tier);

    // Bytes from one output position's input to the next one's, and between their codes.
    private int InputStep => plan.Geometry.Horizontal.InputStride * _channels;

    private int OutputStep => plan.Geometry.Horizontal.OutputStride * _channels;

    private string Generic => IsMachineCode ? string.Empty : tier is null ? "<TLoops>" : "<TDot>";

    private bool IsMachineCode => tier?.IsMachineCode == true;

    // Panels whose tiles and row length are the same share their row.
    private IEnumerable<IGrouping<(int Tiles, int? Count), DepthwisePanelPlan>> RowPanels => depthwise.Panels.GroupBy(panel => (panel.Tiles, Count(panel)));

    /// <summary>The routines of the tiles in machine code.</summary>
    public MachineTile[] Assemble() => [.. Shapes().Select(DepthwiseAssembler.Tile)];

    /// <summary>The tiles of a plan on a tier, widest first.</summary>
    public static DepthwiseTileShape[] Shapes(KernelPlan plan, DepthwisePlan depthwise, Tier tier) => [.. new DepthwiseTierEmitter(new CodeWriter(), plan, depthwise, tier).Shapes()];

    /// <summary>The walk over an image on a rung: in unrolled tiles where the tier has them, in loops elsewhere.</summary>
    public static string Image(LayerSpec spec, DepthwisePlan depthwise, TierRung? rung) =>
        rung is null ? "ImageLoops<ScalarDepthwise>"
        : depthwise.Unrolled.Contains(Tier.Of(rung)) ? KernelFrame.Unrolled(rung)
        : $"ImageLoops<{Loops(spec, Tier.Of(rung), rung.Dot)}>";

    private static string Loops(LayerSpec spec, Tier tier, string dot) => $"DepthwiseLoops{Text.Number(tier.Bits)}<{dot}, {FusedEmitter.QuadCodes(spec)}>";

    /// <summary>Emits the tier.</summary>
    public void Emit()
    {
        EmitImage();
        if (tier is null)
        {
            if (plan.Spec.IsFused)
            {
                FusedEmitter.EmitQuads(code, plan.Spec);
            }

            return;
        }

        foreach (IGrouping<(int, int?), DepthwisePanelPlan> panels in RowPanels)
        {
            EmitRow(panels.First());
        }

        foreach (DepthwisePanelPlan panel in IsMachineCode ? [] : depthwise.Tiled)
        {
            foreach (int positions in Positions(panel))
            {
                new DepthwiseTileEmitter(code, Tile(panel, positions, ChunkLanes.Single())).Emit();
            }
        }
    }

    private IEnumerable<DepthwiseTileShape> Shapes() =>
        from panel in depthwise.Tiled
        from lanes in ChunkLanes
        from positions in Positions(panel)
        select Tile(panel, positions, lanes);

    // Widths of vectors that occur, widest first.
    private IEnumerable<int> ChunkLanes => _lanes!.Chunks.Select(chunk => chunk.Lanes).Distinct();

    private DepthwiseTileShape Tile(DepthwisePanelPlan panel, int positions, int lanes) => new(plan, tier!, panel, _lanes!, depthwise.Tile(panel, positions, _lanes!), lanes);

    private int? Count(DepthwisePanelPlan panel) => plan.Geometry.Horizontal.CountOf(panel.Phases[0].Horizontal.Index);

    private TileWalk Walk(DepthwisePanelPlan panel) => new(new([.. depthwise.Positions(tier!, panel).Select(positions => positions * _lanes!.Repeat)]));

    // Of all panels that share the tiles, those that rows of their lengths have.
    private IEnumerable<int> Positions(DepthwisePanelPlan panel)
    {
        DepthwisePanelPlan[] sharing = [.. depthwise.Panels.Where(other => other.Tiles == panel.Index)];
        return depthwise.Positions(tier!, panel).Where(positions => sharing.Any(other => Count(other) is not int count
            || Walk(other).Cover(count) is TileCover cover && (cover.Widths.Contains(positions * _lanes!.Repeat) || positions == 1 && cover.End < count)));
    }

    private void EmitImage()
    {
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        code.Line($"private static void Image{_name}{Generic}(PackedDepthwise packed, in KernelImage image)");
        EmitConstraint();
        code.Open();
        if (tier is not null && !IsMachineCode)
        {
            code.Open("if (!Optimized)");
            code.Line($"ImageLoops<{Loops(plan.Spec, tier, "TDot")}>(packed, image);");
            code.Line("return;");
            code.Close().Line();
        }

        code.Line("var window = new RowWindow(Layout.Rows, image, packed);");
        FusedEmitter.EmitScalars(code, plan.Spec);
        if (IsMachineCode)
        {
            code.Line($"DepthwiseCall call = new() {{ Epilogue = {FusedEmitter.Scalars(plan.Spec)}, Code = packed.Code.Entry(0) }};");
        }

        KernelFrame.OpenRows(code, plan);
        foreach (IGrouping<int, DepthwisePanelPlan> phase in depthwise.Panels.GroupBy(panel => panel.Vertical.Index))
        {
            KernelFrame.OpenPhase(code, plan, phase.Key);
            foreach (DepthwisePanelPlan panel in phase)
            {
                EmitPanel(panel);
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
            code.Line(tier is null ? "    where TLoops : struct, IDepthwiseLoops" : $"    where TDot : struct, {VectorSyntax.Of(tier).Dot}");
        }
    }

    private void EmitPanel(DepthwisePanelPlan panel)
    {
        string index = Text.Number(panel.Index);
        int horizontal = panel.Phases[0].Horizontal.Index;
        string line = horizontal == 0 ? "line" : $"line + {Text.Number(horizontal * _channels)}";
        string rows = KernelFrame.Rows(plan, panel.Vertical);
        string columns = KernelFrame.Columns(plan, horizontal);
        string count = Count(panel) is null ? ", " + columns : string.Empty;
        code.Line(tier is null ? $"TLoops.Row(packed, {index}, {rows}, {FusedEmitter.Scalars(plan.Spec)}, {line}, {columns});"
            : IsMachineCode ? $"{RowName(panel)}({rows}, packed.Panel({index}), {line}{count}, &call);"
            : $"{RowName(panel)}<TDot>({rows}, packed.Panel({index}), {FusedEmitter.Scalars(plan.Spec)}, {line}{count});");
    }

    private string RowName(DepthwisePanelPlan panel) => $"Row{Text.Number(RowPanels.First(row => row.Contains(panel)).First().Index)}{_name}";

    private void EmitRow(DepthwisePanelPlan panel)
    {
        string count = Count(panel) is null ? ", int count" : string.Empty;
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        code.Line(IsMachineCode
            ? $"private static void {RowName(panel)}(byte** rows, DepthwiseBlock* block, byte* output{count}, DepthwiseCall* call)"
            : $"private static void {RowName(panel)}<TDot>(byte** rows, DepthwiseBlock* block, EpilogueScalars* e, byte* output{count})");
        EmitConstraint();
        code.Open();
        if (IsMachineCode)
        {
            code.Line("call->Rows = rows;");
        }

        // Chunks side by side loop; a last one that overlaps its neighbour, or is narrower, follows.
        ChannelChunk[] chunks = [.. _lanes!.Chunks];
        int whole = chunks.TakeWhile((chunk, index) => chunk.Lanes == chunks[0].Lanes && chunk.First == index * chunk.Lanes).Count();
        string lanes = Text.Number(chunks[0].Lanes);
        if (whole > 1)
        {
            code.Line($"// {lanes} channels at a time.");
            code.Open($"for (int b = 0; b < {Text.Number(whole)}; b++)");
            EmitChunk(panel, chunks[0], $"b * {lanes}", "block + b", $"output + b * {lanes}");
            code.Close();
        }

        for (int c = whole > 1 ? whole : 0; c < chunks.Length; c++)
        {
            string first = Text.Number(chunks[c].First);
            code.Line(_lanes.Repeat > 1 ? $"// {Text.Number(_lanes.Repeat)} pixels of {Text.Number(_channels)} channels in a vector."
                : $"// Channels {first} to {Text.Number(chunks[c].First + _lanes.Stored(chunks[c]) - 1)}.");
            code.Open();
            EmitChunk(panel, chunks[c], first, c == 0 ? "block" : $"block + {Text.Number(c)}", c == 0 ? "output" : "output + " + first);
            code.Close();
        }

        code.Close().Line();
    }

    private void EmitChunk(DepthwisePanelPlan panel, ChannelChunk chunk, string x, string block, string output)
    {
        int stored = _lanes!.Stored(chunk);
        bool isPartial = stored < chunk.Lanes || _lanes.Repeat > 1;
        if (IsMachineCode && isPartial)
        {
            code.Line($"call->Mask = {Mask(stored)};");
        }

        var walk = new WalkEmitter(code, Walk(panel), IsMachineCode, (width, i, tiles) => EmitCall(width / _lanes.Repeat, i, tiles, Text.Number(stored)));
        string left;
        if (Count(panel) is int known)
        {
            TileCover cover = Walk(panel).Cover(known);
            walk.Emit(cover);
            if (cover.End == known)
            {
                return;
            }

            left = Text.Number(known * _channels);
            EmitNarrow();
            return;
        }

        walk.Emit("count");
        if (_lanes.Repeat > 1)
        {
            left = $"count * {Text.Number(_channels)}";
            code.Open("if (i < count)");
            EmitNarrow();
            code.Close();
        }

        // A row of fewer pixels than a vector holds.
        void EmitNarrow()
        {
            if (IsMachineCode)
            {
                code.Line($"call->Mask = (1UL << ({left})) - 1;");
            }

            EmitCall(1, "0", "1", left);
        }

        void EmitCall(int positions, string i, string tiles, string codes)
        {
            string from = Text.At(x, i, InputStep);
            string to = Text.At(output, i, OutputStep);
            DepthwiseTileShape tile = Tile(panel, positions, chunk.Lanes);
            code.Line(IsMachineCode
                ? $"DepthwiseCall.Run(call, {MachineCodeEmitter.Constant(tile.Name)}, {Text.Number(CallBudget.Tiles(tile.Tile.Dots * DepthwisePlan.Vectors))}, {from}, {block}, {to}, {tiles});"
                : $"{tile.Name}<TDot>(rows, {from}, {block}, e, {to}{(tile.HasCodes ? ", " + codes : string.Empty)});");
        }
    }

    private static string Mask(int codes) => codes == 64 ? "ulong.MaxValue" : $"0x{((1UL << codes) - 1).ToString("x", System.Globalization.CultureInfo.InvariantCulture)}UL";
}
