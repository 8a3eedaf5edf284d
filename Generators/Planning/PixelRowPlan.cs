using System.Collections.Generic;
using System.Linq;

namespace Kernels.Generators.Planning;

/// <summary>Tiles of one width that follow each other.</summary>
/// <param name="First">First pixel.</param>
/// <param name="Vectors">Vectors of pixels in a tile.</param>
/// <param name="Tiles">How many tiles.</param>
internal sealed record PixelTiles(int First, int Vectors, int Tiles);

/// <summary>The tiles of a PixelLanes row whose length is known.</summary>
/// <param name="Whole">Tiles of pixels that have all their phases; the last one may overlap its neighbour.</param>
/// <param name="Narrow">First pixel of a tile that goes through spare memory, since it would write past the row; null where none does.</param>
internal sealed record PixelRowPlan(EquatableArray<PixelTiles> Whole, int? Narrow)
{
    /// <summary>Plans a row.</summary>
    /// <param name="outputSize">Output columns.</param>
    /// <param name="phases">Output columns of a pixel.</param>
    /// <param name="lanes">Pixels of a vector.</param>
    /// <param name="widths">Vectors of a tile, widest first, the last 1.</param>
    public static PixelRowPlan Of(int outputSize, int phases, int lanes, EquatableArray<int> widths)
    {
        int whole = outputSize / phases;
        int done = 0;
        var tiles = new List<PixelTiles>();
        foreach (int vectors in widths)
        {
            int count = (whole - done) / (vectors * lanes);
            if (count > 0)
            {
                tiles.Add(new PixelTiles(done, vectors, count));
                done += count * vectors * lanes;
            }
        }

        if (done < whole && whole >= lanes)
        {
            tiles.Add(new PixelTiles(whole - lanes, 1, 1));
            done = whole;
        }

        return new PixelRowPlan(new([.. tiles]), done * phases < outputSize ? done : null);
    }

    /// <summary>The widths that occur, widest first.</summary>
    public EquatableArray<int> Widths => new([.. Whole.Select(run => run.Vectors).Concat(Narrow is null ? [] : [1]).Distinct()]);
}
