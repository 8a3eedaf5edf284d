using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>PixelLanes on one tier: the walk over an image, rows of tiles, and (through <see cref="PixelTileEmitter"/>) tiles.</summary>
/// <param name="code">Receives the code.</param>
/// <param name="plan">The plan.</param>
/// <param name="pixels">Its dataflow.</param>
/// <param name="tier">The tier; null for the scalar one, whose rows are a helper of the runtime.</param>
internal sealed class PixelTierEmitter(CodeWriter code, KernelPlan plan, PixelLanesPlan pixels, Tier? tier)
{
    private readonly LayerSpec _spec = plan.Spec;
    private readonly string _name = tier?.Name ?? "Scalar";
    private readonly int _phases = plan.Geometry.Horizontal.OutputStride;

    private int Step => _phases * _spec.OutChannels;

    private int Vectors => pixels.Panels.Max(panel => Widths(panel)[0]);

    private string Generic => tier is null || IsMachineCode ? string.Empty : "<TDot>";

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

    private bool HasSpare => pixels.Tiled.Any(panel => RowPlan(panel)?.Narrow is not null || OutputSize is null);

    private EquatableArray<int> Widths(PixelPanelPlan panel) => RowPlan(panel)?.Widths ?? AllWidths(panel);

    private EquatableArray<int> AllWidths(PixelPanelPlan panel) =>
        IsMachineCode ? PixelLanesPlan.MachineWidths(panel, _phases) : pixels.Widths(tier!, panel, _phases);

    private PixelRowPlan? RowPlan(PixelPanelPlan panel) => OutputSize is int size ? PixelRowPlan.Of(size, _phases, tier!.Lanes, AllWidths(panel)) : null;

    /// <summary>Emits the tier.</summary>
    public void Emit()
    {
        EmitImage();
        if (tier is null)
        {
            return;
        }

        if (_spec.IsFused && !IsMachineCode)
        {
            FusedEmitter.EmitPixels(code, _spec, tier, PixelTileEmitter.ConstantStride(pixels.Tiled.First().Channels * _phases));
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
        string spare = tier is null || !HasSpare ? "0" : Text.Number(Vectors * tier.Lanes * Step);
        code.Line($"var window = new PixelRows(Layout.Rows, image, packed, spareRow: {spare}{(_spec.HasSecond && tier is not null ? $", secondCodes: {Text.Number(Step)}" : string.Empty)});");
        FusedEmitter.EmitScalars(code, _spec);
        if (_spec.HasSecond && tier is not null)
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
            if (_spec.HasSecond && tier is not null)
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
            code.Line($"    where TDot : struct, {VectorSyntax.Of(tier!).Dot}");
        }
    }

    private void EmitPanel(PixelPanelPlan panel)
    {
        string rows = KernelFrame.Rows(plan, panel.Vertical);
        string line = panel.FirstChannel == 0 ? "line" : $"line + {Text.Number(panel.FirstChannel)}";
        string index = Text.Number(panel.Index);
        if (_spec.HasSecond && tier is not null)
        {
            code.Line($"scalars.SecondPlanes = planes{(panel.FirstChannel == 0 ? string.Empty : " + " + Text.Number(panel.FirstChannel))};");
        }

        code.Line(tier is null
            ? $"ScalarPixels.Row(packed, {index}, {rows}, window.Plane, {Text.Bool(_spec.Activation == ActivationKind.LeakyRelu)}, {line}{(OutputSize is int size ? $", {KernelFrame.Columns(plan, 0)}, {Text.Number(size)}" : RowSize)}{FusedEmitter.ScalarsArgument(_spec)});"
            : $"Row{Text.Number(panel.Tiles)}{_name}{Generic}({rows}, {(IsMachineCode ? "&call" : "window.Plane")}, packed.Panel({index}), {(IsMachineCode ? string.Empty : FusedEmitter.Scalars(_spec) + ", ")}{line}{RowSize}{(HasSpare ? ", window.Spare" : string.Empty)});");
    }

    // Whole tiles from the left; what is left is covered by one more that overlaps its neighbour. The last pixels go
    // through spare memory where a tile would write past them: in a narrow image, or where the last one lacks phases.
    private void EmitRow(PixelPanelPlan panel)
    {
        int lanes = tier!.Lanes;
        string name = Text.Number(panel.Index) + _name;
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        code.Line($"private static void Row{name}{Generic}(byte** rows, {(IsMachineCode ? "PixelCall* call" : "nint plane")}, PixelBlock* block, {(IsMachineCode ? string.Empty : "EpilogueScalars* e, ")}byte* output{(OutputSize is null ? ", int count, int width" : string.Empty)}{(HasSpare ? ", byte* spare" : string.Empty)})");
        EmitConstraint();
        code.Open();
        if (IsMachineCode)
        {
            code.Line("call->Look(rows, block);");
        }

        if (RowPlan(panel) is PixelRowPlan row)
        {
            EmitTiles(panel, row, lanes);
        }
        else
        {
            EmitTiles(panel, lanes);
        }

        code.Close().Line();
    }

    private void EmitTiles(PixelPanelPlan panel, PixelRowPlan row, int lanes)
    {
        foreach (PixelTiles run in row.Whole)
        {
            if (IsMachineCode)
            {
                string first = Text.Number(run.First);
                code.Line(Routine(panel, run.Vectors, first, Text.At("output", first, Step), Text.Number(run.Tiles)));
                continue;
            }

            KernelFrame.EmitTiles(code, run.First, run.Vectors * lanes, run.Tiles, i => code.Line(Tile(panel, run.Vectors, i, Text.At("output", i, Step))));
        }

        if (row.Narrow is int narrow)
        {
            EmitNarrow(panel, Text.Number(narrow), Text.Number(OutputSize!.Value - narrow * _phases));
        }
    }

    private void EmitTiles(PixelPanelPlan panel, int lanes)
    {
        string whole = _phases == 1 ? "count" : "whole";
        if (_phases > 1)
        {
            code.Line("// Pixels that have all their phases.");
            code.Line($"int whole = width / {Text.Number(_phases)};");
        }

        if (IsMachineCode)
        {
            EmitRoutines(panel, whole);
        }
        else
        {
            code.Line("int i = 0;");
            foreach (int vectors in AllWidths(panel))
            {
                string size = Text.Number(vectors * lanes);
                code.Open($"for (; i <= {whole} - {size}; i += {size})");
                code.Line(Tile(panel, vectors, "i", Text.At("output", "i", Step)));
                code.Close().Line();
            }
        }

        string last = Text.Number(lanes);
        code.Open($"if (i < {whole} && {whole} >= {last})");
        code.Line($"i = {whole} - {last};");
        code.Line(Tile(panel, 1, "i", Text.At("output", "i", Step)));
        code.Line($"i = {whole};");
        code.Close().Line();
        code.Open("if (i < count)");
        EmitNarrow(panel, "i", $"width - i * {Text.Number(_phases)}");
        code.Close();
    }

    // A routine works through all tiles of its width.
    private void EmitRoutines(PixelPanelPlan panel, string whole)
    {
        string at = "0";
        string left = whole;
        foreach (int vectors in AllWidths(panel))
        {
            string size = Text.Number(vectors * tier!.Lanes);
            code.Line(Routine(panel, vectors, at, Text.At("output", at, Step), $"{left} / {size}"));
            code.Line($"{(at == "0" ? "int i = " : "i += ")}{left} / {size} * {size};");
            at = "i";
            left = $"({whole} - i)";
        }

        code.Line();
    }

    private void EmitNarrow(PixelPanelPlan panel, string i, string phases)
    {
        code.Line(Tile(panel, 1, i, "spare"));
        code.Line($"Interleave.CopyNarrow(spare, {Text.At("output", i, Step)}, phases: {phases}, {Text.Number(_spec.OutChannels)}, {Text.Number(panel.Channels)});");
    }

    private string Tile(PixelPanelPlan panel, int vectors, string i, string output) => IsMachineCode
        ? Routine(panel, vectors, i, output, "1")
        : $"{PixelTileEmitter.Name(panel, tier!, vectors)}<TDot>(rows, plane, {PixelBytes(i)}, block, e, {output});";

    private string Routine(PixelPanelPlan panel, int vectors, string i, string output, string tiles)
    {
        int most = System.Math.Max(1, MachineCodeEmitter.DotStepsOfCall / System.Math.Max(1, panel.Dots * pixels.UnitChannels / 4 * vectors));
        return $"PixelCall.Run(call, {MachineCodeEmitter.Constant(PixelTileEmitter.Name(panel, tier!, vectors))}, {Text.Number(most)}, {PixelBytes(i)}, {output}, {tiles});";
    }

    private static string PixelBytes(string i) => i == "0" ? "0" : $"(nint){i} * 4";
}
