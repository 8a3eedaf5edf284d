using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;
using Kernels.Shared;

namespace Kernels.Generators.Emission;

/// <summary>PixelLanes on one tier: the walk over an image, rows of tiles, and (through <see cref="PixelTileEmitter"/>) tiles.</summary>
/// <param name="code">Receives the code.</param>
/// <param name="plan">The plan.</param>
/// <param name="pixels">Its dataflow.</param>
/// <param name="tier">The tier; null for the loops of the runtime, which any tier can run.</param>
internal sealed class PixelTierEmitter(CodeWriter code, KernelPlan plan, PixelLanesPlan pixels, Tier? tier)
{
    private readonly LayerSpec _spec = plan.Spec;
    private readonly string _name = tier?.Name ?? "Loops";
    private readonly int _phases = plan.Geometry.Horizontal.OutputStride;

    private int Step => _phases * _spec.OutChannels;

    private int Vectors => pixels.Panels.Max(panel => Widths(panel)[0]);

    private string Generic => IsMachineCode ? string.Empty : tier is null ? "<TLoops>" : "<TDot>";

    private bool IsMachineCode => tier?.IsMachineCode == true;

    /// <summary>The tiles' dot steps in machine code.</summary>
    public MachineTile[] Assemble() =>
    [
        .. from panel in pixels.Tiled
           from width in Widths(panel)
           select new PixelTileEmitter(code, plan, pixels, panel, tier!, width).Assemble(),
    ];

    private int? OutputSize => plan.Geometry.Horizontal.OutputSize;

    private string RowSize => OutputSize is null ? ", count, image.OutputWidth" : string.Empty;

    private bool HasSpare => pixels.Tiled.Any(HasNarrow);

    private EquatableArray<int> Widths(PixelPanelPlan panel) => OutputSize is null ? AllWidths(panel)
        : new([.. Cover(panel)!.Widths.Select(width => width / tier!.Lanes).Concat(HasNarrow(panel) ? [1] : []).Distinct()]);

    private EquatableArray<int> AllWidths(PixelPanelPlan panel) =>
        IsMachineCode ? pixels.MachineWidths(panel, _phases) : pixels.Widths(tier!, panel, _phases);

    private TileWalk Walk(PixelPanelPlan panel) => new(new([.. AllWidths(panel).Select(vectors => vectors * tier!.Lanes)]));

    // The tiles of a row of known length: of pixels that have all their phases.
    private TileCover? Cover(PixelPanelPlan panel) => OutputSize is int size ? Walk(panel).Cover(size / _phases) : null;

    // Whether a tile goes through spare memory, since it would write past the row.
    private bool HasNarrow(PixelPanelPlan panel) => Cover(panel) is not TileCover cover || cover.End * _phases < OutputSize;

    /// <summary>The walk over an image on a rung: in unrolled tiles where the tier has them, in loops elsewhere.</summary>
    public static string Image(LayerSpec spec, PixelLanesPlan pixels, TierRung? rung) =>
        rung is null ? "ImageLoops<ScalarPixels>"
        : pixels.Unrolled.Contains(Tier.Of(rung)) ? KernelFrame.Unrolled(rung)
        : $"ImageLoops<{Loops(spec, Tier.Of(rung), rung.Dot)}>";

    private static string Loops(LayerSpec spec, Tier tier, string dot) => $"PixelLoops{Text.Number(tier.Bits)}<{dot}, {FusedEmitter.PixelCodes(spec)}>";

    /// <summary>Emits the tier.</summary>
    public void Emit()
    {
        EmitImage();
        if (tier is null)
        {
            if (_spec.IsFused)
            {
                FusedEmitter.EmitPixels(code, _spec, PixelTileEmitter.ConstantStride(pixels.Tiled.First().Channels * _phases));
            }

            return;
        }

        foreach (PixelPanelPlan panel in pixels.Tiled)
        {
            EmitRow(panel);
            foreach (int width in IsMachineCode ? [] : Widths(panel))
            {
                new PixelTileEmitter(code, plan, pixels, panel, tier, width).Emit();
            }
        }
    }

    private void EmitImage()
    {
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        code.Line($"private static void Image{_name}{Generic}(PackedPixelLanes packed, in KernelImage image)");
        EmitConstraint();
        code.Open();
        if (tier is not null && !IsMachineCode)
        {
            code.Open("if (!Optimized)");
            code.Line($"ImageLoops<{Loops(_spec, tier, "TDot")}>(packed, image);");
            code.Line("return;");
            code.Close().Line();
        }

        string spare = tier is null || !HasSpare ? "0" : Text.Number(Vectors * tier.Lanes * Step);
        code.Line($"var window = new PixelRows(Layout.Rows, image, packed, spareRow: {spare}{(_spec.HasSecond ? $", secondCodes: {Text.Number(Step)}" : string.Empty)});");
        FusedEmitter.EmitScalars(code, _spec);
        if (_spec.HasSecond)
        {
            code.Line($"byte** planes = stackalloc byte*[{Text.Number(Step)}];");
        }

        if (IsMachineCode)
        {
            code.Line($"PixelCall call = new() {{ Plane = window.Plane, Epilogue = {FusedEmitter.Scalars(_spec)}, Code = packed.Code.Entry(0), NextOutput = {Text.Number(plan.Geometry.Vertical.OutputStride)} * {KernelFrame.RowCodes(plan)} }};");
        }

        KernelFrame.OpenRows(code, plan, plan.Geometry.Horizontal.Residues.Count);
        if (OutputSize is null)
        {
            code.Line($"int count = {KernelFrame.Columns(plan, 0)};");
        }

        if (IsMachineCode)
        {
            code.Line("// What the next row stages: routines ask the caches for it.");
            code.Line($"call.NextInput = image.Input + ((nint){KernelFrame.InputRow(plan)} + {Text.Number(plan.Geometry.Vertical.Last + 1)}) * image.Width * {Text.Number(_spec.InChannels)};");
        }

        foreach (IGrouping<int, PixelPanelPlan> phase in pixels.Panels.GroupBy(panel => panel.Vertical.Index))
        {
            KernelFrame.OpenPhase(code, plan, phase.Key);
            if (_spec.HasSecond)
            {
                code.Line($"window.Second(line + image.Second, {KernelFrame.OutputWidth(plan)} * {Text.Number(_spec.OutChannels)}, {Text.Number(Step)}, planes);");
            }

            foreach (PixelPanelPlan panel in phase)
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
            code.Line(tier is null ? "    where TLoops : struct, IPixelLoops" : $"    where TDot : struct, {VectorSyntax.Of(tier).Dot}");
        }
    }

    private void EmitPanel(PixelPanelPlan panel)
    {
        string rows = KernelFrame.Rows(plan, panel.Vertical);
        string line = panel.FirstChannel == 0 ? "line" : $"line + {Text.Number(panel.FirstChannel)}";
        string index = Text.Number(panel.Index);
        if (_spec.HasSecond)
        {
            code.Line($"scalars.SecondPlanes = planes{(panel.FirstChannel == 0 ? string.Empty : " + " + Text.Number(panel.FirstChannel))};");
        }

        code.Line(tier is null
            ? $"TLoops.Row(packed, {index}, {rows}, window.Plane, {FusedEmitter.Scalars(_spec)}, {line}{(OutputSize is int size ? $", {KernelFrame.Columns(plan, 0)}, {Text.Number(size)}" : RowSize)});"
            : $"Row{Text.Number(panel.Tiles)}{_name}{Generic}({rows}, {(IsMachineCode ? "&call" : "window.Plane")}, packed.Panel({index}), {(IsMachineCode ? string.Empty : FusedEmitter.Scalars(_spec) + ", ")}{line}{RowSize}{(HasSpare ? ", window.Spare" : string.Empty)});");
    }

    // Whole tiles from the left; what is left is covered by one more that overlaps its neighbour. The last pixels go
    // through spare memory where a tile would write past them: in a narrow image, or where the last one lacks phases.
    private void EmitRow(PixelPanelPlan panel)
    {
        string name = Text.Number(panel.Index) + _name;
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        code.Line($"private static void Row{name}{Generic}(byte** rows, {(IsMachineCode ? "PixelCall* call" : "nint plane")}, PixelBlock* block, {(IsMachineCode ? string.Empty : "EpilogueScalars* e, ")}byte* output{(OutputSize is null ? ", int count, int width" : string.Empty)}{(HasSpare ? ", byte* spare" : string.Empty)})");
        EmitConstraint();
        code.Open();
        if (IsMachineCode)
        {
            code.Line("call->Look(rows, block);");
        }

        var walk = new WalkEmitter(code, Walk(panel), IsMachineCode, (width, i, tiles) => code.Line(Tile(panel, width / tier!.Lanes, i, Text.At("output", i, Step), tiles)));
        if (Cover(panel) is TileCover cover)
        {
            walk.Emit(cover);
            if (HasNarrow(panel))
            {
                EmitNarrow(panel, Text.Number(cover.End), Text.Number(OutputSize!.Value - cover.End * _phases));
            }
        }
        else
        {
            string whole = _phases == 1 ? "count" : "whole";
            if (_phases > 1)
            {
                code.Line("// Pixels that have all their phases.");
                code.Line($"int whole = width / {Text.Number(_phases)};");
            }

            walk.Emit(whole);
            code.Open("if (i < count)");
            EmitNarrow(panel, "i", $"width - i * {Text.Number(_phases)}");
            code.Close();
        }

        code.Close().Line();
    }

    private void EmitNarrow(PixelPanelPlan panel, string i, string phases)
    {
        code.Line(Tile(panel, 1, i, "spare", "1"));
        code.Line($"Interleave.CopyNarrow(spare, {Text.At("output", i, Step)}, phases: {phases}, {Text.Number(_spec.OutChannels)}, {Text.Number(panel.Channels)});");
    }

    private string Tile(PixelPanelPlan panel, int vectors, string i, string output, string tiles) => IsMachineCode
        ? $"PixelCall.Run(call, {MachineCodeEmitter.Constant(PixelTileEmitter.Name(panel, tier!, vectors))}, {Text.Number(CallBudget.Tiles(panel.Dots * pixels.UnitChannels / 4 * vectors))}, {PixelBytes(i)}, {output}, {tiles});"
        : $"{PixelTileEmitter.Name(panel, tier!, vectors)}<TDot>(rows, plane, {PixelBytes(i)}, block, e, {output});";

    private static string PixelBytes(string i) => i == "0" ? "0" : $"(nint){i} * 4";
}
