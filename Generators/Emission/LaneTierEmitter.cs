using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>ChannelLanes on one tier: the walk over an image, rows of tiles, and (through <see cref="LaneTileEmitter"/>) tiles.</summary>
/// <param name="code">Receives the code.</param>
/// <param name="plan">The plan.</param>
/// <param name="lanes">Its dataflow.</param>
/// <param name="tiles">The tier's tiles; null for the scalar tier, whose rows are a helper of the runtime.</param>
internal sealed class LaneTierEmitter(CodeWriter code, KernelPlan plan, ChannelLanesPlan lanes, TilePlan? tiles)
{
    private readonly LayerSpec _spec = plan.Spec;
    private readonly string _tier = tiles?.Tier.Name ?? "Scalar";
    private readonly int _panelLanes = lanes.Panels[0].Lanes(plan.Spec);

    private int PixelStride => _spec.Groups * lanes.UnitChannels;

    // Input channels, and output codes, from one output pixel of a panel to the next.
    private int InputStep => plan.Geometry.Horizontal.InputStride * PixelStride;

    private int OutputStep => plan.Geometry.Horizontal.OutputStride * _spec.OutChannels;

    private string Generic => tiles is null ? string.Empty : "<TDot>";

    private bool IsMachineCode => tiles?.Tier.IsMachineCode == true;

    private string CallParameter => IsMachineCode ? ", LaneCall* call" : string.Empty;

    private string CallArgument => IsMachineCode ? ", call" : string.Empty;

    private string ChannelBytes => tiles is null ? "sizeof(ushort)" : "TDot.ChannelBytes";

    /// <summary>Emits the walk over an image: input rows of each output row, then the row's panels.</summary>
    public void EmitImage()
    {
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        code.Line($"private static void Image{_tier}{Generic}(PackedChannelLanes packed, in KernelImage image)");
        EmitConstraint();
        code.Open();
        code.Line($"var window = new RowWindow(Layout.Rows, image, packed.InputQuantization.ZeroPoint, {ChannelBytes});");
        if (IsMachineCode)
        {
            int steps = lanes.Patterns.Max(pattern => pattern.Steps);
            code.Line($"byte** steps = stackalloc byte*[{Text.Number(System.Math.Max(1, steps))}];");
            code.Line("byte* sums = stackalloc byte[17 * 64];");
            code.Line("LaneCall call = new() { Steps = steps, Sums = (int*)((nint)(sums + 63) & -64), Code = packed.Code.Entry(0) };");
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
    }

    /// <summary>Emits the rows and tiles of every pattern.</summary>
    public void EmitRows()
    {
        foreach (StepPattern pattern in lanes.Patterns)
        {
            EmitRow(pattern);
            if (IsMachineCode && pattern != lanes.Patterns[0])
            {
                continue;
            }

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
        if (tiles is not null)
        {
            code.Line($"    where TDot : struct, {VectorSyntax.Of(tiles.Tier).Dot}");
        }
    }

    private void EmitPanel(LanePanelPlan panel)
    {
        StepPattern pattern = lanes.Patterns[panel.Pattern];
        int phase = panel.Horizontal[0].Index;
        string rows = KernelFrame.Rows(plan, panel.Vertical);
        string x = panel.Horizontal[0].First == 0 ? "0" : $"{Text.Number(panel.Horizontal[0].First * PixelStride)} * {ChannelBytes}";
        string line = phase == 0 ? "line" : $"line + {Text.Number(phase * _spec.OutChannels)}";
        string block = $"packed.Panel({Text.Number(panel.Index)})";
        string count = KernelFrame.Columns(plan, phase);
        if (tiles is not null)
        {
            code.Line($"Row{Text.Name(pattern)}{_tier}<TDot>({rows}, {x}, {block}, packed.Epilogue, {line}{(tiles.Count is null ? ", " + count : string.Empty)}{(IsMachineCode ? ", &call" : string.Empty)});");
            return;
        }

        string leaky = Text.Bool(_spec.Activation == ActivationKind.LeakyRelu);
        code.Line("ScalarLanes.Row(");
        code.Line($"    new ScalarShape(Groups: {Text.Number(_spec.Groups)}, UnitChannels: {Text.Number(lanes.UnitChannels)}, Lanes: {Text.Number(_panelLanes)}, "
            + $"Rows: {Text.Number(pattern.Rows)}, RowStep: {Text.Number(pattern.RowStep)}, Columns: {Text.Number(pattern.Columns)}, ColumnStep: {Text.Number(pattern.ColumnStep)}, "
            + $"PixelStride: {Text.Number(PixelStride)}, InputStep: {Text.Number(InputStep)}, OutputStep: {Text.Number(OutputStep)}),");
        code.Line($"    {rows}, {x}, {block}, packed.Epilogue, {leaky}, {line}, {count});");
    }

    private void EmitRow(StepPattern pattern)
    {
        int blocks = tiles!.Blocks.Sum();
        code.Line($"// One row of output pixels: {Text.Number(pattern.Rows)}x{Text.Number(pattern.Columns)} steps, {Text.Number(_panelLanes)} lanes"
            + (_spec.Groups > 1 ? $" a group." : "."));
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        code.Line($"private static void Row{Text.Name(pattern)}{_tier}<TDot>(byte** rows, nint x, LaneBlock* block, EpilogueScalars* e, byte* output{(tiles.Count is null ? ", int count" : string.Empty)}{CallParameter})");
        EmitConstraint();
        code.Open();
        if (IsMachineCode)
        {
            EmitStepTable(pattern);
        }

        if (_spec.Groups > 1)
        {
            code.Open($"for (int group = 0; group < {Text.Number(_spec.Groups)}; group++, x += {Text.Number(lanes.UnitChannels)} * TDot.ChannelBytes, block += {Text.Number(blocks)}, output += {Text.Number(_spec.GroupOutputs)})");
        }

        int first = 0;
        foreach (IGrouping<int, int> run in tiles.Blocks.GroupBy(tile => tile))
        {
            int end = first + run.Sum();
            if (run.Count() > 1)
            {
                code.Open($"for (int b = {Text.Number(first)}; b < {Text.Number(end)}; b += {Text.Number(run.Key)})");
                EmitTiles(pattern, run.Key, "block + b", "output + b * 16", LaneTileEmitter.HasLaneParameter(tiles, run.Key, _panelLanes) ? $", b == {Text.Number(end - run.Key)} ? {Text.Number(_panelLanes % 16)} : 16" : string.Empty);
                code.Close();
            }
            else
            {
                code.Open();
                string b = first == 0 ? "block" : $"block + {Text.Number(first)}";
                string o = first == 0 ? "output" : $"output + {Text.Number(first * 16)}";
                EmitTiles(pattern, run.Key, b, o, string.Empty);
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

    private void EmitStepTable(StepPattern pattern)
    {
        code.Line($"call->Count = {Text.Number(pattern.Steps)};");
        if (pattern.Steps == 0)
        {
            code.Line();
            return;
        }

        code.Open($"for (int r = 0; r < {Text.Number(pattern.Rows)}; r++)");
        code.Open($"for (int c = 0; c < {Text.Number(pattern.Columns)}; c++)");
        string row = pattern.RowStep == 1 ? "r" : $"r * {Text.Number(pattern.RowStep)}";
        code.Line($"call->Steps[r * {Text.Number(pattern.Columns)} + c] = rows[{row}] + c * {Text.Number(pattern.ColumnStep * PixelStride)};");
        code.Close().Close().Line();
    }

    // Tiles from the left, widest first; what is left is covered by one more tile that overlaps its neighbour. In rows of known length
    // the last tile fits.
    private void EmitTiles(StepPattern pattern, int blocks, string block, string output, string lane)
    {
        if (tiles!.Count is int count)
        {
            int done = 0;
            foreach (int width in tiles.Widths)
            {
                int each = (count - done) / width;
                KernelFrame.EmitTiles(code, done, width, each, i => EmitCall(width, i));
                done += each * width;
            }

            return;
        }

        code.Line("int i = 0;");
        for (int w = 0; w < tiles.Widths.Count; w++)
        {
            int width = tiles.Widths[w];
            if (w == 0)
            {
                code.Open($"for (; i <= count - {Text.Number(width)}; i += {Text.Number(width)})");
                EmitCall(width, "i");
                code.Close().Line();
            }
            else if (width > 1)
            {
                code.Open($"if (i <= count - {Text.Number(width)})");
                EmitCall(width, "i");
                code.Line($"i += {Text.Number(width)};");
                code.Close().Line();
            }

            if (width > 1 && tiles.Widths[w + 1] == 1)
            {
                code.Open($"if (i < count && count >= {Text.Number(width)})");
                code.Line($"i = count - {Text.Number(width)};");
                EmitCall(width, "i");
                code.Line("i = count;");
                code.Close().Line();
            }

            if (width == 1)
            {
                code.Open("for (; i < count; i++)");
                EmitCall(width, "i");
                code.Close();
            }
        }

        void EmitCall(int width, string i)
        {
            string name = LaneTileEmitter.Name(tiles, pattern, blocks, width);
            code.Line($"{name}<TDot>(rows, {Text.At("x", i, InputStep)}{(i == "0" ? string.Empty : " * TDot.ChannelBytes")}, {block}, e, {Text.At(output, i, OutputStep)}{lane}{CallArgument});");
        }
    }
}
