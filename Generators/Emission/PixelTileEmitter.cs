using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>
/// A register tile of the PixelLanes dataflow: vectors of neighbouring pixels x (phases x channels), accumulated over
/// steps and input channels, requantized, interleaved and stored.
/// </summary>
internal sealed class PixelTileEmitter(CodeWriter code, KernelPlan plan, PixelLanesPlan pixels, PixelPanelPlan panel, Tier tier, int width)
{
    private readonly LayerSpec _spec = plan.Spec;
    private readonly VectorSyntax _syntax = VectorSyntax.Of(tier);
    private readonly int _phases = plan.Geometry.Horizontal.OutputStride;
    private readonly int _accumulators = plan.Geometry.Horizontal.OutputStride * panel.Channels;
    private readonly int[] _rows = [.. panel.StagedRows];

    private int VectorBytes => tier.Bits / 8;

    private int Step => _phases * _spec.OutChannels;

    /// <summary>Values from one array of constants of accumulators to the next: whole cache lines.</summary>
    public static int ConstantStride(int accumulators) => (accumulators + 15) & -16;

    /// <summary>The tile's method.</summary>
    public static string Name(PixelPanelPlan panel, Tier tier, int width) => $"Tile{Text.Number(panel.Tiles)}_{Text.Number(width)}{tier.Name}";

    /// <summary>Emits the method.</summary>
    public void Emit()
    {
        code.Line($"// {Text.Number(width * tier.Lanes)} pixels x {Text.Number(_phases)} phases x {Text.Number(panel.Channels)} channels; acc[vector]_[phase * channels + channel].");
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        code.Line($"private static void {Name(panel, tier, width)}<TDot>(byte** rows, nint plane, nint x, PixelBlock* block, EpilogueScalars* e, byte* output)");
        code.Line($"    where TDot : struct, {_syntax.Dot}");
        code.Open();
        EmitStart();
        if (panel.Steps.Count > 0)
        {
            EmitSteps();
            EmitResiduals();
        }

        EmitEpilogue();
        code.Close().Line();
    }

    private static string Acc(int vector, int accumulator) => $"acc{Text.Number(vector)}_{Text.Number(accumulator)}";

    /// <summary>The routine of a tile in machine code.</summary>
    public MachineTile Assemble() => PixelAssembler.Tile(Name(panel, tier, width), panel, plan.Geometry, width, _spec);

    private void EmitStart()
    {
        code.Line("// Start: what the input zero point takes off.");
        for (int a = 0; a < _accumulators; a++)
        {
            code.Line($"{_syntax.Vector}<int> {Acc(0, a)} = {_syntax.Vector}.Create(block->Start[{Text.Number(a)}]);");
        }

        for (int v = 1; v < width; v++)
        {
            code.Line($"{_syntax.Vector}<int> " + string.Join(", ", Enumerable.Range(0, _accumulators).Select(a => $"{Acc(v, a)} = {Acc(0, a)}")) + ";");
        }

        code.Line();
    }

    private void EmitSteps()
    {
        bool unrolled = pixels.UnrollsRows(panel, width);
        code.Line("byte* w = block->Weights;");
        for (int n = 0; n < _rows.Length && unrolled; n++)
        {
            code.Line($"byte* x{Text.Number(n)} = rows[{Text.Number(_rows[n])}] + x;");
        }

        code.Open($"for (int unit = 0; unit < {Text.Number(pixels.UnitChannels / 4)} * TDot.ChannelBytes; unit++)");
        if (unrolled)
        {
            EmitAllRows();
        }
        else
        {
            EmitRowLoop();
        }

        code.Close().Line();
    }

    private void EmitAllRows()
    {
        int dots = 0;
        foreach (PixelStep pixel in panel.Steps)
        {
            code.Line($"// Pixel ({Text.Number(pixel.Row)}, {Text.Number(pixel.Column)}).");
            dots = EmitPixel(pixel, dots);
        }

        code.Line().Line(string.Join(" ", Enumerable.Range(0, _rows.Length).Select(n => $"x{Text.Number(n)} += plane;")));
        code.Line($"w += {Text.Number(dots * 4)};");
    }

    // Kernel rows are alike: the first one's steps, with its staged rows, in a loop.
    private void EmitRowLoop()
    {
        int count = panel.Vertical.Taps.Count;
        int staged = _rows.Length / count;
        int step = count > 1 ? _rows[staged] : 1;
        int dots = 0;
        code.Open($"for (int r = 0; r < {Text.Number(count)}; r++)");
        for (int n = 0; n < staged; n++)
        {
            string row = (step == 1 ? "r" : $"r * {Text.Number(step)}") + (n == 0 ? string.Empty : $" + {Text.Number(n)}");
            code.Line($"byte* x{Text.Number(n)} = rows[{row}] + unit * plane + x;");
        }

        foreach (PixelStep pixel in panel.Steps.Where(pixel => pixel.Row == 0))
        {
            code.Line($"// Column {Text.Number(pixel.Column)}.");
            dots = EmitPixel(pixel, dots);
        }

        code.Line().Line($"w += {Text.Number(dots * 4)};");
        code.Close();
    }

    private int EmitPixel(PixelStep pixel, int dots)
    {
        string row = "x" + Text.Number(System.Array.IndexOf(_rows, pixel.StagedRow));
        code.Open();
        for (int v = 0; v < width; v++)
        {
            int offset = pixel.StagedColumn * 4 + v * VectorBytes;
            string address = offset == 0 ? row : offset > 0 ? $"({row} + {Text.Number(offset)})" : $"({row} - {Text.Number(-offset)})";
            code.Line($"{_syntax.Vector}<int> v{Text.Number(v)} = {_syntax.Vector}.Load((int*){address});");
        }

        bool first = true;
        for (int phase = 0; phase < _phases; phase++)
        {
            for (int c = 0; c < panel.Channels && pixel.Taps[phase] >= 0; c++, dots++)
            {
                string weight = $"Lanes.Broadcast{Text.Number(tier.Bits)}({(dots == 0 ? "w" : $"w + {Text.Number(dots * 4)}")})";
                if (width > 1)
                {
                    code.Line($"{(first ? $"{_syntax.Vector}<int> " : string.Empty)}k = {weight};");
                    weight = "k";
                    first = false;
                }

                for (int v = 0; v < width; v++)
                {
                    string acc = Acc(v, phase * panel.Channels + c);
                    code.Line($"{acc} = TDot.Step({acc}, v{Text.Number(v)}, {weight});");
                }
            }
        }

        code.Close();
        return dots;
    }

    private void EmitResiduals()
    {
        if (!_syntax.HasResiduals)
        {
            return;
        }

        code.Line("// What was cut off weights whose pairs could saturate.");
        code.Open("if (TDot.ChannelBytes == 1)");
        for (int a = 0; a < _accumulators; a++)
        {
            code.Open($"for (PixelResidual* r = block->Residuals[{Text.Number(a)}]; r < block->Residuals[{Text.Number(a + 1)}]; r++)");
            code.Line("byte* at = rows[r->Row] + r->Unit * plane + x + r->Offset;");
            code.Line($"{_syntax.Vector}<int> k = {_syntax.Vector}.Create(r->Weights);");
            for (int v = 0; v < width; v++)
            {
                string offset = v == 0 ? "at" : $"(at + {Text.Number(v * VectorBytes)})";
                code.Line($"{Acc(v, a)} = TDot.Step({Acc(v, a)}, {_syntax.Vector}.Load((int*){offset}), k);");
            }

            code.Close();
        }

        code.Close().Line();
    }

    private void EmitEpilogue()
    {
        code.Line("// Epilogue: bias, multiplier, clamp, round half even, zero point; then phases and channels side by side.");
        for (int v = 0; v < width; v++)
        {
            code.Open();
            for (int a = 0; a < _accumulators; a++)
            {
                string n = Text.Number(a);
                code.Line($"{_syntax.Vector}<int> c{n} = {FusedEmitter.PixelCodes(_spec)}.Codes({Acc(v, a)}, block, {n}, e, {Second(v, a)});");
            }

            EmitStores(v * tier.Lanes * Step);
            code.Close();
        }
    }

    // Where the second input's codes of an accumulator's pixels lie.
    private string Second(int vector, int accumulator)
    {
        if (!_spec.HasSecond)
        {
            return "null";
        }

        int code = accumulator / panel.Channels * _spec.OutChannels + accumulator % panel.Channels;
        return $"e->SecondPlanes[{Text.Number(code)}] + x / 4{(vector == 0 ? string.Empty : " + " + Text.Number(vector * tier.Lanes))}";
    }

    private void EmitStores(int offset)
    {
        bool contiguous = panel.Channels == _spec.OutChannels;
        if (contiguous && tier.Bits == 512 && _accumulators <= 8)
        {
            IEnumerable<string> joined = Enumerable.Range(0, (_accumulators + 3) / 4).Select(group => Join(group * 4, System.Math.Min(4, _accumulators - group * 4)));
            code.Line($"Interleave.Store({Address(offset)}, {string.Join(", ", joined)}, {Text.Number(_accumulators)}, block->Permutation);");
            return;
        }

        // Runs of codes that lie side by side in a pixel: all of them, or the panel's channels in each phase.
        int runs = contiguous ? 1 : _phases;
        int run = _accumulators / runs;
        for (int r = 0; r < runs; r++)
        {
            for (int first = 0; first < run; first += 4)
            {
                int count = System.Math.Min(4, run - first);
                code.Line($"Interleave.Scatter({Address(offset + r * _spec.OutChannels + first)}, {Join(r * run + first, count)}, {Text.Number(count)}, {Text.Number(Step)});");
            }
        }
    }

    private static string Address(int offset) => offset == 0 ? "output" : $"output + {Text.Number(offset)}";

    private static string Join(int first, int count) => count == 1
        ? $"c{Text.Number(first)}"
        : $"Interleave.Join({string.Join(", ", Enumerable.Range(first, count).Select(a => "c" + Text.Number(a)))})";
}
