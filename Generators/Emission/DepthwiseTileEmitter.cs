using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>A register tile of the Depthwise dataflow in C#: pixels x four vectors of accumulators, over input pixels that are unpacked where they are read.</summary>
internal sealed class DepthwiseTileEmitter(CodeWriter code, DepthwiseTileShape shape)
{
    private static readonly string[] Parts = ["First", "Second", "Third", "Fourth"];

    private readonly VectorSyntax _syntax = VectorSyntax.Of(shape.Tier);
    private readonly DepthwiseTile _tile = shape.Tile;

    /// <summary>Emits the method.</summary>
    public void Emit()
    {
        string phases = _tile.Phases > 1 ? $" x {Text.Number(_tile.Phases)} phases" : string.Empty;
        string pixels = shape.Channels.Repeat > 1
            ? $"{Text.Number(_tile.Positions)} x {Text.Number(shape.Channels.Repeat)} pixels x {Text.Number(shape.Channels.Channels)} channels"
            : $"{Text.Number(_tile.Positions)} pixels{phases} x {Text.Number(shape.Codes)} channels";
        code.Line($"// {pixels}; acc[pixel]_[vector].");
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        code.Line($"private static void {shape.Name}<TDot>(byte** rows, nint x, DepthwiseBlock* block, EpilogueScalars* e, byte* output{(shape.HasCodes ? ", int codes" : string.Empty)})");
        code.Line($"    where TDot : struct, {_syntax.Dot}");
        code.Open();
        EmitStart();
        EmitQuads();
        EmitEpilogue();
        code.Close().Line();
    }

    private static string Acc(int pixel, int vector) => $"acc{Text.Number(pixel)}_{Text.Number(vector)}";

    private static IEnumerable<int> Vectors => Enumerable.Range(0, DepthwisePlan.Vectors);

    private void EmitStart()
    {
        code.Line("// Start: what the input zero point takes off.");
        for (int pixel = 0; pixel < _tile.Pixels; pixel++)
        {
            // Later pixels start like the first one of their phase.
            IEnumerable<string> values = Vectors.Select(v => $"{Acc(pixel, v)} = " + (pixel < _tile.Phases
                ? $"{_syntax.Vector}.Load(block->Start{Plus((shape.StartOf(pixel) + v) * shape.Lanes / 4)})"
                : Acc(pixel % _tile.Phases, v)));
            code.Line($"{_syntax.Vector}<int> {string.Join(", ", values)};");
        }

        code.Line();
    }

    private void EmitQuads()
    {
        int[] rows = [.. _tile.Quads.SelectMany(quad => quad.Sources).Select(source => source.Row).Distinct().OrderBy(row => row)];
        foreach (int row in rows)
        {
            code.Line($"byte* row{Text.Number(row)} = rows[{Text.Number(row)}] + x;");
        }

        if (rows.Length > 0)
        {
            code.Line("byte* w = block->Weights;").Line();
            code.Line("// The store at each input: it makes the JIT load weights again where they are used again, and keep registers for sums.");
        }

        foreach (TileQuad quad in _tile.Quads)
        {
            IEnumerable<DepthwiseSource> named = quad.Sources.Where((_, slot) => !quad.IsFilled[slot]);
            code.Line($"// Input {string.Join(", ", named.OrderBy(source => source.Row).ThenBy(source => source.Column).Select(source => $"({Text.Number(source.Row)}, {Text.Number(source.Column)})"))}.");
            code.Open();
            code.Line("*output = 0;");
            code.Line($"var quads = {Quads}.Of({string.Join(", ", quad.Sources.Select(source => $"row{Text.Number(source.Row)}{Plus(source.Column * shape.Channels.Channels)}"))});");
            foreach (int v in Vectors)
            {
                foreach (QuadUse use in quad.Uses)
                {
                    string acc = Acc(use.Pixel, v);
                    code.Line($"{acc} = {Quads}.Dot<TDot>({acc}, quads.{Parts[v]}, w{Weights((use.Step * DepthwisePlan.Vectors + v) * shape.Lanes)});");
                }
            }

            code.Close();
        }

        code.Line();
    }

    // All that lies between accumulators and stores.
    private void EmitEpilogue()
    {
        LayerSpec spec = shape.Plan.Spec;
        code.Line(spec.IsFused
            ? "// Epilogue: the fused functions; four vectors of a pixel to one of codes."
            : "// Epilogue: bias, multiplier, activation, zero point; four vectors of a pixel to one of codes.");
        string stored = shape.HasCodes ? "codes" : Text.Number(shape.Codes);
        for (int pixel = 0; pixel < _tile.Pixels; pixel++)
        {
            string target = "output" + Plus(shape.OutputOf(pixel));
            string sums = string.Join(", ", Vectors.Select(v => Acc(pixel, v)));
            string codes = $"{FusedEmitter.QuadCodes(spec)}.Codes({sums}, block, e, {target}, {stored})";
            code.Line(shape.IsPartial ? $"QuadEpilogue.Store({target}, {codes}, {stored});" : $"{codes}.Store({target});");
        }
    }

    private string Quads => "Quads" + Text.Number(shape.Tier.Bits);

    private static string Plus(int offset) => offset == 0 ? string.Empty : offset > 0 ? " + " + Text.Number(offset) : " - " + Text.Number(-offset);

    private static string Weights(int offset) => offset == 0 ? string.Empty : $" + {Text.Number(offset)} * TDot.ChannelBytes";
}
