using System;
using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>
/// A register tile of the ChannelLanes dataflow: so many output pixels x channel vectors, accumulated over steps and
/// input channels, requantized and stored.
/// </summary>
internal sealed class LaneTileEmitter(CodeWriter code, KernelPlan plan, ChannelLanesPlan lanes, TilePlan tiles, StepPattern pattern, int blocks, int width)
{
    private readonly LayerSpec _spec = plan.Spec;
    private readonly VectorSyntax _syntax = VectorSyntax.Of(tiles.Tier);
    private readonly int _vectors = tiles.Vectors(blocks);
    private readonly int _panelLanes = lanes.Panels[0].Lanes(plan.Spec);

    private int InputStep => plan.Geometry.Horizontal.InputStride * _spec.InChannels;

    private int OutputStep => plan.Geometry.Horizontal.OutputStride * _spec.OutChannels;

    private bool LaneParameter => HasLaneParameter(tiles, blocks, _panelLanes);

    /// <summary>The tile's method. In machine code, steps are a table, and all patterns share it.</summary>
    public static string Name(TilePlan tiles, StepPattern pattern, int blocks, int width) =>
        $"Tile{(tiles.Tier.IsMachineCode ? string.Empty : Text.Name(pattern) + "_")}{Text.Number(width)}x{Text.Number(tiles.Vectors(blocks))}{tiles.Tier.Name}";

    /// <summary>Whether the last block is partly filled and the tile's code also serves full blocks.</summary>
    public static bool HasLaneParameter(TilePlan tiles, int blocks, int lanes) =>
        IsPartial(tiles, blocks, lanes) && tiles.Blocks.Count(tile => tile == blocks) > 1;

    /// <summary>Whether the tile's last block may be partly filled.</summary>
    public static bool IsPartial(TilePlan tiles, int blocks, int lanes) => lanes % 16 != 0 && tiles.Blocks[tiles.Blocks.Count - 1] == blocks;

    /// <summary>Emits the method.</summary>
    public void Emit()
    {
        string lane = LaneParameter ? ", int lanes" : string.Empty;
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        code.Line($"private static void {Name(tiles, pattern, blocks, width)}<TDot>(byte** rows, nint x, LaneBlock* block, EpilogueScalars* e, byte* output{lane})");
        code.Line($"    where TDot : struct, {_syntax.Dot}");
        code.Open();
        EmitStart();
        if (pattern.Steps > 0)
        {
            EmitSteps();
            EmitResiduals();
        }

        EmitEpilogue();
        code.Close().Line();
    }

    private static string Acc(int pixel, int vector) => $"acc{Text.Number(pixel)}_{Text.Number(vector)}";

    private int Block(int vector) => vector / tiles.Tier.BlockVectors;

    private int InBlock(int vector) => vector % tiles.Tier.BlockVectors;

    // Bytes of lanes before a vector in its block: 4 a lane in weights, start values, bias and multiplier alike.
    private int LaneBytes(int vector) => InBlock(vector) * tiles.Tier.Bits / 8;

    private static string Plus(string address, int offset) => offset == 0 ? address : $"{address} + {Text.Number(offset)}";

    /// <summary>The routine of a tile in machine code.</summary>
    public MachineTile Assemble() => LaneAssembler.Tile(
        Name(tiles, pattern, blocks, width),
        new LaneTileShape(width, blocks, IsPartial(tiles, blocks, _panelLanes)),
        lanes.StepUnits,
        InputStep,
        OutputStep,
        _spec);

    private void EmitStart()
    {
        code.Line("// Start: what the input zero point takes off.");
        for (int v = 0; v < _vectors; v++)
        {
            string start = Plus($"block[{Text.Number(Block(v))}].Start", InBlock(v) * tiles.Tier.Lanes);
            code.Line($"{_syntax.Vector}<int> {Acc(0, v)} = {_syntax.Vector}.Load({start});");
        }

        for (int p = 1; p < width; p++)
        {
            code.Line($"{_syntax.Vector}<int> " + string.Join(", ", Enumerable.Range(0, _vectors).Select(v => $"{Acc(p, v)} = {Acc(0, v)}")) + ";");
        }

        code.Line();
    }

    private void EmitSteps()
    {
        Unrolling unrolling = tiles.UnrollingOf(pattern, width, blocks);
        for (int b = 0; b < blocks; b++)
        {
            code.Line($"byte* w{Text.Number(b)} = block[{Text.Number(b)}].Weights;");
        }

        if (unrolling == Unrolling.Full)
        {
            for (int r = 0; r < pattern.Rows; r++)
            {
                code.Line($"byte* x{Text.Number(r)} = rows[{Text.Number(r * pattern.RowStep)}] + x;");
            }

            OpenUnits();
            for (int r = 0; r < pattern.Rows; r++)
            {
                for (int c = 0; c < pattern.Columns; c++)
                {
                    code.Line(pattern.MergesTaps ? $"// Row {Text.Number(r)}." : $"// Step ({Text.Number(r)}, {Text.Number(c)}).");
                    EmitStep($"x{Text.Number(r)}", c * pattern.ColumnStep, r * pattern.Columns + c);
                }
            }

            CloseUnits(string.Join(", ", Enumerable.Range(0, pattern.Rows).Select(r => $"x{Text.Number(r)} += 4")));
            code.Line();
            return;
        }

        code.Open($"for (int r = 0; r < {Text.Number(pattern.Rows)}; r++)");
        string row = pattern.RowStep == 1 ? "rows[r] + x" : $"rows[r * {Text.Number(pattern.RowStep)}] + x";
        if (unrolling == Unrolling.Columns)
        {
            code.Line($"byte* x0 = {row};");
            OpenUnits();
            for (int c = 0; c < pattern.Columns; c++)
            {
                code.Line(pattern.MergesTaps ? "// A row." : $"// Column {Text.Number(c)}.");
                EmitStep("x0", c * pattern.ColumnStep, c);
            }

            CloseUnits("x0 += 4");
            SkipWeights(pattern.Columns - 1);
        }
        else
        {
            code.Open($"for (int c = 0; c < {Text.Number(pattern.Columns)}; c++)");
            code.Line($"byte* x0 = {row} + c * {Text.Number(pattern.ColumnStep * _spec.InChannels)} * TDot.ChannelBytes;");
            OpenUnits();
            EmitStep("x0", 0, 0);
            CloseUnits("x0 += 4");
            code.Close();
        }

        code.Close().Line();
    }

    private void OpenUnits() => code.Open($"for (int unit = 0; unit < {Text.Number(pattern.Units)} * TDot.ChannelBytes; unit++)");

    private void CloseUnits(string advance)
    {
        code.Line().Line(advance.Replace(", ", "; ") + ";");
        code.Line(string.Join("; ", Enumerable.Range(0, blocks).Select(b => $"w{Text.Number(b)} += 64")) + ";");
        code.Close();
    }

    // The unit loop has passed the first step's weights; the other steps of the row lie behind them.
    private void SkipWeights(int steps)
    {
        if (steps > 0)
        {
            code.Line(string.Join(" ", Enumerable.Range(0, blocks).Select(b => $"w{Text.Number(b)} += {Text.Number(steps * pattern.Units * 64)} * TDot.ChannelBytes;")));
        }
    }

    private void EmitStep(string row, int column, int step)
    {
        code.Open();
        for (int v = 0; v < _vectors; v++)
        {
            string offset = step == 0 ? string.Empty : $" + {Text.Number(step * pattern.Units * 64)} * TDot.ChannelBytes";
            string lane = LaneBytes(v) == 0 ? string.Empty : " + " + Text.Number(LaneBytes(v));
            code.Line($"{_syntax.Vector}<int> k{Text.Number(v)} = {_syntax.Vector}.Load((int*){(offset + lane == string.Empty ? string.Empty : "(")}w{Text.Number(Block(v))}{offset}{lane}{(offset + lane == string.Empty ? string.Empty : ")")});");
        }

        for (int p = 0; p < width; p++)
        {
            int channels = p * InputStep + column * _spec.InChannels;
            string address = channels == 0 ? row : $"{row} + {Text.Number(channels)} * TDot.ChannelBytes";
            EmitDots(p, address, 0, _vectors);
        }

        code.Close();
    }

    private void EmitDots(int pixel, string address, int firstVector, int count)
    {
        string x = $"Lanes.Broadcast{Text.Number(tiles.Tier.Bits)}({address})";
        if (count > 1)
        {
            code.Line($"{(pixel == 0 ? $"{_syntax.Vector}<int> " : string.Empty)}v = {x};");
            x = "v";
        }

        for (int v = firstVector; v < firstVector + count; v++)
        {
            code.Line($"{Acc(pixel, v)} = TDot.Step({Acc(pixel, v)}, {x}, k{Text.Number(v)});");
        }
    }

    private void EmitResiduals()
    {
        if (!_syntax.HasResiduals)
        {
            return;
        }

        code.Line("// What was cut off weights whose pairs could saturate.");
        code.Open("if (TDot.ChannelBytes == 1)");
        for (int b = 0; b < blocks; b++)
        {
            int first = b * tiles.Tier.BlockVectors;
            int count = Math.Min(tiles.Tier.BlockVectors, _vectors - first);
            code.Open($"for (Residual* r = block[{Text.Number(b)}].Residuals, end = r + block[{Text.Number(b)}].ResidualCount; r < end; r++)");
            code.Line("byte* at = rows[r->Row] + x + r->Offset;");
            for (int v = first; v < first + count; v++)
            {
                code.Line($"{_syntax.Vector}<int> k{Text.Number(v)} = {_syntax.Vector}.Load((int*)({Plus("r->Weights", LaneBytes(v))}));");
            }

            for (int p = 0; p < width; p++)
            {
                EmitDots(p, p == 0 ? "at" : $"at + {Text.Number(p * InputStep)}", first, count);
            }

            code.Close();
        }

        code.Close().Line();
    }

    private void EmitEpilogue()
    {
        if (_spec.IsFused)
        {
            EmitFusedEpilogue();
            return;
        }

        string requantize = _spec.Activation == ActivationKind.LeakyRelu ? "Lanes.RequantizeLeaky" : "Lanes.Requantize";
        code.Line("// Epilogue: bias, multiplier, clamp, round half even, zero point, narrow, store.");
        for (int v = 0; v < _vectors; v++)
        {
            string b = $"block[{Text.Number(Block(v))}]";
            int lane = InBlock(v) * tiles.Tier.Lanes;
            code.Line($"{_syntax.Vector}<float> bias{Text.Number(v)} = {_syntax.Vector}.Load({Plus(b + ".Bias", lane)}), multiplier{Text.Number(v)} = {_syntax.Vector}.Load({Plus(b + ".Multiplier", lane)});");
        }

        for (int p = 0; p < width; p++)
        {
            for (int v = 0; v < _vectors; v++)
            {
                string n = Text.Number(v);
                int channel = Block(v) * 16 + InBlock(v) * tiles.Tier.Lanes;
                string? count = StoredLanes(v);
                if (count is not null)
                {
                    code.Line($"Lanes.Store({Plus("output", p * OutputStep + channel)}, {requantize}({Acc(p, v)}, bias{n}, multiplier{n}, *e), {count});");
                }
            }
        }
    }

    private void EmitFusedEpilogue()
    {
        code.Line("// The epilogue, narrow, store.");
        for (int p = 0; p < width; p++)
        {
            for (int v = 0; v < _vectors; v++)
            {
                int lane = InBlock(v) * tiles.Tier.Lanes;
                if (StoredLanes(v) is string count)
                {
                    string target = Plus("output", p * OutputStep + Block(v) * 16 + lane);
                    code.Line($"Lanes.Store({target}, {FusedEmitter.LaneCodes(_spec)}.Codes({Acc(p, v)}, {Plus("block", Block(v))}, {Text.Number(lane)}, e, {target}, {count}), {count});");
                }
            }
        }
    }

    // Lanes of a vector that hold channels; null when none does.
    private string? StoredLanes(int vector)
    {
        int most = tiles.Tier.Lanes;
        int firstLane = InBlock(vector) * most;
        bool lastBlock = Block(vector) == blocks - 1;
        if (lastBlock && LaneParameter)
        {
            return firstLane == 0 && most == 16 ? "lanes" : $"Math.Clamp(lanes - {Text.Number(firstLane)}, 0, {Text.Number(most)})";
        }

        bool partial = lastBlock && IsPartial(tiles, blocks, _panelLanes);
        int stored = partial ? Math.Min(most, _panelLanes % 16 - firstLane) : most;
        return stored <= 0 ? null : Text.Number(stored);
    }
}
