using System.Collections.Generic;
using System.Linq;

namespace Kernels.Generators.Planning;

/// <summary>Tiles of one width that follow each other.</summary>
/// <param name="First">First position.</param>
/// <param name="Width">Positions of a tile.</param>
/// <param name="Tiles">How many tiles.</param>
internal sealed record TileRun(int First, int Width, int Tiles);

/// <summary>The tiles of a row whose length is known.</summary>
/// <param name="Runs">The tiles, from the left; the last one may overlap its neighbour.</param>
/// <param name="End">The position behind them: the end of the row, unless it is narrower than every tile.</param>
internal sealed record TileCover(EquatableArray<TileRun> Runs, int End)
{
    /// <summary>The widths that occur, widest first.</summary>
    public EquatableArray<int> Widths => new([.. Runs.Select(run => run.Width).Distinct()]);
}

/// <summary>
/// How tiles cover a row of positions, on every tier and in every dataflow: as many of each width as fit, widest first; what is left
/// is covered by one more of the narrowest, which overlaps its neighbour and computes some codes twice. Only a row narrower than that
/// tile is left over.
/// </summary>
/// <param name="Widths">Positions of a tile, widest first.</param>
internal sealed record TileWalk(EquatableArray<int> Widths)
{
    /// <summary>The narrowest tile; it overlaps.</summary>
    public int Narrowest => Widths[Widths.Count - 1];

    /// <summary>Whether more than one tile of a width can fit behind the wider ones.</summary>
    public bool Repeats(int index) => index == 0 || (Widths[index - 1] - 1) / Widths[index] > 1;

    /// <summary>The tiles of a row.</summary>
    /// <param name="count">Positions.</param>
    public TileCover Cover(int count)
    {
        int done = 0;
        var runs = new List<TileRun>();
        foreach (int width in Widths)
        {
            int tiles = (count - done) / width;
            if (tiles > 0)
            {
                runs.Add(new TileRun(done, width, tiles));
                done += tiles * width;
            }
        }

        if (done < count && count >= Narrowest)
        {
            runs.Add(new TileRun(count - Narrowest, Narrowest, 1));
            done = count;
        }

        return new TileCover(new([.. runs]), done);
    }
}
