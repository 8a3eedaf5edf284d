using System;
using System.Collections.Generic;
using System.Linq;

namespace Kernels.Generators.Planning;

/// <summary>How the taps of a tile are written down.</summary>
internal enum Unrolling
{
    /// <summary>Every tap stands in the text; channels loop around them.</summary>
    Full,

    /// <summary>The taps of a kernel row stand in the text; rows and channels loop.</summary>
    Columns,

    /// <summary>Rows, columns and channels loop; the register tile stands in the text.</summary>
    None,
}

/// <summary>The register tiles of a ChannelLanes kernel on one tier.</summary>
/// <param name="Tier">The tier.</param>
/// <param name="Widths">Output pixels of a tile, widest first. The last is 1 where rows of any length must be covered.</param>
/// <param name="Blocks">How many blocks of 16 lanes each tile of a panel covers, in order.</param>
/// <param name="LiveVectors">Vectors of a tile's last block that hold lanes, when the panel is a single block; all of them otherwise.</param>
/// <param name="UnrollBudget">Dot steps that a tile method may spell out.</param>
/// <param name="Count">Output pixels of a row, when it is known: then the tiles of the first width and one of the last cover them.</param>
internal sealed record TilePlan(Tier Tier, EquatableArray<int> Widths, EquatableArray<int> Blocks, int LiveVectors, int UnrollBudget, int? Count)
{
    /// <summary>Chooses the tiles for a panel of so many lanes.</summary>
    /// <param name="tier">The tier.</param>
    /// <param name="lanes">Lanes of the panel.</param>
    /// <param name="count">Output pixels of a row, when it is known.</param>
    public static TilePlan Of(Tier tier, int lanes, int? count)
    {
        int blocks = (lanes + 15) / 16;
        int live = Math.Min(tier.BlockVectors, blocks > 1 ? int.MaxValue : (lanes + tier.Lanes - 1) / tier.Lanes);
        int[] tiles = tier == Tier.Avx512Vnni ? [.. Pairs(blocks)] : tier == Tier.Avx512 ? [.. PairsAndTriple(blocks)] : [.. Enumerable.Repeat(1, blocks)];
        int[] widths = (tier.Bits, live) switch
        {
            // 16 accumulators, as 8 pixels of two blocks have.
            (512, _) when tier.IsMachineCode && blocks == 1 => [16, 4, 1],
            (512, _) => [8, 4, 1],
            (256, 1) => [8, 4, 1],
            (128, > 2) => [2, 1],
            _ => [4, 1],
        };
        return new TilePlan(tier, new(count is int pixels ? Fitting(pixels, widths[0]) : widths), new(tiles), live, Detail.MostDots, count);
    }

    /// <summary>How tiles cover a row. Single pixels, where rows can have any length, are for rows narrower than the others.</summary>
    public TileWalk Walk => new(Count is not null || Widths.Count == 1 ? Widths : new([.. Widths.Take(Widths.Count - 1)]));

    /// <summary>Vectors of a tile of so many blocks.</summary>
    public int Vectors(int blocks) => blocks == 1 ? LiveVectors : blocks * Tier.BlockVectors;

    /// <summary>The same with so much spelled out.</summary>
    public TilePlan Within(Detail detail) => this with
    {
        UnrollBudget = detail.Dots,
        Widths = detail.AllWidths || Count is not null || Widths.Count < 3 || Widths[0] > 8 ? Widths : new([Widths[0], 1]),
    };

    /// <summary>How much of a pattern a tile spells out.</summary>
    public Unrolling UnrollingOf(StepPattern pattern, int width, int blocks)
    {
        // Single pixels are the edges of narrow images: short text before speed. One step is as short as a loop around it.
        int tile = width * Vectors(blocks);
        int budget = width == 1 && Count is null ? 0 : UnrollBudget;
        return pattern.Steps == 1 || pattern.Steps * tile <= budget ? Unrolling.Full
            : pattern.Columns == 1 || pattern.Columns * tile <= budget ? Unrolling.Columns
            : Unrolling.None;
    }

    /// <summary>Units of a step that a routine spells out: all of few; otherwise two a round, and an odd one first. Of an unknown number one a round.</summary>
    public static int SpelledUnits(int? units) => units is int known ? known <= 3 ? known : 2 + known % 2 : 1;

    // As few tiles as the widest needs, as even as they can be: nothing is computed twice.
    private static int[] Fitting(int count, int widest)
    {
        int tiles = (count + widest - 1) / widest;
        int width = (count + tiles - 1) / tiles;
        int last = count - (tiles - 1) * width;
        return last == width ? [width] : [width, last];
    }

    // 8 pixels x 2 vectors fill half of 32 registers with accumulators; 8 x 3 still fit and spare an odd rest its own tile.
    private static IEnumerable<int> PairsAndTriple(int blocks)
    {
        if (blocks % 2 == 1 && blocks >= 3)
        {
            yield return 3;
            blocks -= 3;
        }

        foreach (int pair in Pairs(blocks))
        {
            yield return pair;
        }
    }

    private static IEnumerable<int> Pairs(int blocks)
    {
        for (; blocks >= 2; blocks -= 2)
        {
            yield return 2;
        }

        if (blocks == 1)
        {
            yield return 1;
        }
    }
}
