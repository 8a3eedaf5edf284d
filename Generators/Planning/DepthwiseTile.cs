using System.Linq;

namespace Kernels.Generators.Planning;

/// <summary>A dot step of one of a tile's pixels.</summary>
/// <param name="Pixel">The pixel.</param>
/// <param name="Step">Number of the dot step, whose weights it multiplies, among those of all phases.</param>
internal readonly record struct QuadUse(int Pixel, int Step);

/// <summary>4 input pixels that are unpacked once, and all that a tile multiplies them for.</summary>
/// <param name="Sources">The input pixels, relative to the tile's first position.</param>
/// <param name="IsFilled">For each whether it is only another name of one before.</param>
/// <param name="Uses">The dot steps.</param>
internal sealed record TileQuad(EquatableArray<DepthwiseSource> Sources, EquatableArray<bool> IsFilled, EquatableArray<QuadUse> Uses);

/// <summary>A register tile of a depthwise kernel: output pixels side by side, all phases of each position, 4 vectors of accumulators each.</summary>
/// <param name="Positions">Output positions: pixels of a phase.</param>
/// <param name="Phases">Phases of a position.</param>
/// <param name="Quads">What is unpacked, row by row.</param>
internal sealed record DepthwiseTile(int Positions, int Phases, EquatableArray<TileQuad> Quads)
{
    /// <summary>Output pixels.</summary>
    public int Pixels => Positions * Phases;

    /// <summary>Dot steps of a vector of accumulators, pixel by pixel.</summary>
    public int Dots => Quads.Sum(quad => quad.Uses.Count);

    /// <summary>The tile of a panel.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="positions">Output positions.</param>
    /// <param name="columnStep">Input columns from one to the next.</param>
    public static DepthwiseTile Of(DepthwisePanelPlan panel, int positions, int columnStep)
    {
        int step = 0;
        (QuadUse Use, DepthwiseQuad Quad, int Columns)[] uses =
        [
            .. from phase in Enumerable.Range(0, panel.Phases.Count)
               from quad in panel.Phases[phase].Quads
               let number = step++
               from position in Enumerable.Range(0, positions)
               select (new QuadUse(position * panel.Phases.Count + phase, number), quad, position * columnStep),
        ];
        return new DepthwiseTile(positions, panel.Phases.Count, new(
        [
            .. from use in uses
               group use by use.Quad.At(use.Columns) into quad
               orderby quad.Key[0].Row, quad.Key[0].Column
               select new TileQuad(quad.Key, new([.. quad.First().Quad.Taps.Select(tap => tap < 0)]), new([.. quad.Select(use => use.Use).OrderBy(use => use.Pixel)])),
        ]));
    }
}
