using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>
/// How PixelLanes cuts output channels into chunks, each a set of accumulators. All are alike, so that they share tiles: the last one
/// computes some channels of the one before again. Fewer chunks load staged pixels less often; more of them may waste fewer
/// accumulators, or be short enough for machine code.
/// </summary>
/// <param name="Count">Chunks.</param>
/// <param name="Channels">Output channels of each.</param>
/// <param name="Cost">Dot steps, and what takes as long, for 16 pixels and all vertical phases.</param>
internal sealed record PixelChunks(int Count, int Channels, double Cost)
{
    // Measured, in dot steps of machine code: start values and stores of a tile are as long as 20. Loads, of staged pixels and of weights, which a tile of several
    // vectors shares, run beside dot steps, as many a cycle: the more numerous ones count.
    // Bytes in C# take 3 instructions for one, of which 2 ports run 3 a cycle; words twice as many.
    private const double Load = 1;
    private const double Tile = 20;
    private const double WithoutMachineCode = 2;

    // Two vpdpbusd a cycle, each ready after 5, keep so many accumulators busy; in tiles of fewer steps than a processor looks ahead the next one's help.
    private const double BusyAccumulators = 10;
    private const double StepsAhead = 256;

    /// <summary>The cheapest chunks; null when even a single channel is too much, with the reason.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="phases">Horizontal phases.</param>
    /// <param name="steps">Steps of each vertical phase.</param>
    /// <param name="mostPanels">Panels that a kernel may have.</param>
    /// <param name="sharesWeights">See <see cref="PixelLanesPlan"/>.</param>
    /// <param name="refusal">The reason.</param>
    public static PixelChunks? Cheapest(LayerSpec spec, int phases, IReadOnlyList<EquatableArray<PixelStep>> steps, int mostPanels, bool sharesWeights, out string refusal)
    {
        int units = (spec.InChannels + 3) / 4;
        int loads = steps.Sum(each => each.Count);
        int[] products = [.. steps.Select(each => each.Sum(step => step.Taps.Count(tap => tap >= 0)))];
        int most = Math.Min(spec.OutChannels, PixelLanesPlan.MostAccumulators / phases);
        PixelChunks[] panels = [.. Candidates().Where(chunks => chunks.Count * steps.Count <= mostPanels)];
        PixelChunks? cheapest = panels.Where(chunks => spec.Horizontal.Kernel * chunks.Channels <= Detail.MostDots).OrderBy(chunks => chunks.Cost).FirstOrDefault();
        refusal = cheapest is not null ? string.Empty
            : panels.Length == 0 ? "too many vertical phases and output channels to spell out"
            : "a kernel row of all accumulators is longer than a tile method may be";
        return cheapest;

        // Fewest first, which stay where others are no cheaper.
        IEnumerable<PixelChunks> Candidates() =>
            from count in Enumerable.Range(1, most).Select(channels => (spec.OutChannels + channels - 1) / channels).Distinct().OrderBy(count => count)
            let channels = (spec.OutChannels + count - 1) / count
            select new PixelChunks(count, channels, CostOf(count, channels));

        double CostOf(int count, int channels)
        {
            double dots = (double)products.Sum() * channels;
            int tile = products.Max() * channels;
            if (!spec.MachineCode || tile > Detail.MostDots)
            {
                return count * (units * ((spec.MachineCode ? WithoutMachineCode : 1) * dots + Load * loads) + Tile * steps.Count);
            }

            int width = sharesWeights ? PixelLanesPlan.MachineWidths(tile, channels * phases)[0] : 1;
            double accumulators = width * channels * phases * Math.Max(1, StepsAhead / (units * tile * width));
            double busy = Math.Max(1, BusyAccumulators / accumulators);
            return count * (units * Math.Max(dots * busy, dots / width + Load * loads) + Tile * steps.Count);
        }
    }

    /// <summary>The cost without what a single chunk's stores cost: those of other dataflows are not counted either.</summary>
    public double Compared(int verticalPhases) => Cost - Tile * verticalPhases;
}
