using System;
using Kernels.Generators.Planning;

namespace Kernels.Generators.Emission;

/// <summary>Emits the tiles of a row: as loops around calls of a tile, or as calls of routines that work through all tiles of a width.</summary>
/// <param name="code">Receives the code.</param>
/// <param name="walk">How tiles cover a row.</param>
/// <param name="isRoutine">Whether a call works through several tiles.</param>
/// <param name="emitCall">Emits the call of tiles: their width, the first one's position, and how many there are.</param>
internal sealed class WalkEmitter(CodeWriter code, TileWalk walk, bool isRoutine, Action<int, string, string> emitCall)
{
    /// <summary>Emits the tiles of a row whose length is known.</summary>
    public void Emit(TileCover cover)
    {
        foreach (TileRun run in cover.Runs)
        {
            if (isRoutine || run.Tiles == 1)
            {
                emitCall(run.Width, Text.Number(run.First), Text.Number(run.Tiles));
                continue;
            }

            code.Open($"for (int i = {Text.Number(run.First)}; i < {Text.Number(run.First + run.Tiles * run.Width)}; i += {Text.Number(run.Width)})");
            emitCall(run.Width, "i", "1");
            code.Close();
        }
    }

    /// <summary>Emits the tiles of a row of any length. Behind them <c>i</c> is the first position left over, where any can be.</summary>
    /// <param name="count">Name of the row's length.</param>
    public void Emit(string count)
    {
        if (isRoutine)
        {
            EmitRoutines(count);
        }
        else
        {
            EmitLoops(count);
        }

        if (walk.Narrowest == 1)
        {
            return;
        }

        string width = Text.Number(walk.Narrowest);
        code.Open($"if (i < {count} && {count} >= {width})");
        code.Line($"i = {count} - {width};");
        emitCall(walk.Narrowest, "i", "1");
        code.Line($"i = {count};");
        code.Close().Line();
    }

    private void EmitLoops(string count)
    {
        code.Line("int i = 0;");
        for (int w = 0; w < walk.Widths.Count; w++)
        {
            string width = Text.Number(walk.Widths[w]);
            if (walk.Repeats(w))
            {
                code.Open($"for (; i <= {count} - {width}; i += {width})");
                emitCall(walk.Widths[w], "i", "1");
            }
            else
            {
                code.Open($"if (i <= {count} - {width})");
                emitCall(walk.Widths[w], "i", "1");
                code.Line($"i += {width};");
            }

            code.Close();
            if (walk.Narrowest > 1 || w < walk.Widths.Count - 1)
            {
                code.Line();
            }
        }
    }

    private void EmitRoutines(string count)
    {
        string at = "0";
        string left = count;
        foreach (int width in walk.Widths)
        {
            if (width == 1)
            {
                emitCall(width, at, left);
                return;
            }

            string tiles = $"{left} / {Text.Number(width)}";
            emitCall(width, at, tiles);
            code.Line($"{(at == "0" ? "int i = " : "i += ")}{tiles} * {Text.Number(width)};");
            at = "i";
            left = $"({count} - i)";
        }
    }
}
