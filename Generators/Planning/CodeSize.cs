using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Shared;

namespace Kernels.Generators.Planning;

/// <summary>
/// About how many statements the kernels of a plan take over all tiers, and how many a generated file may have. An estimate: a test
/// compares it with files.
/// </summary>
internal static class CodeSize
{
    /// <summary>Statements of about 67 letters in a file of 190 KB.</summary>
    public const int Most = 2_820;

    private const int Frame = 150;

    private const int Row = 24;

    // Packing's table of taps: three numbers a tap.
    private const int TapsInStatement = 4;

    /// <summary>Statements of a kernel.</summary>
    public static int Of(DataflowPlan dataflow, int phases) => dataflow switch
    {
        ChannelLanesPlan plan => ChannelLanes(plan),
        PixelLanesPlan plan => PixelLanes(plan, phases),
        DepthwisePlan plan => Depthwise(plan),
        _ => Frame,
    };

    private static int ChannelLanes(ChannelLanesPlan plan)
    {
        IEnumerable<int> taps = plan.Panels.Select(panel => plan.Patterns[panel.Pattern].Steps * panel.StepTaps * panel.Horizontal.Count);
        int tiles = plan.Tiles.Sum(tier => plan.Patterns.Sum(pattern => Rows(tier) + Tiles(tier, pattern)));
        int machine = plan.MachineTiles is TilePlan machineTier ? Rows(machineTier) + MachineTiles(machineTier, plan.StepUnits) : 0;
        return Frame + Panels(plan.Panels.Count, taps) + tiles + machine;

        static int Rows(TilePlan tier) => 10 + tier.Blocks.Distinct().Count() * 15;

        static int Tiles(TilePlan tier, StepPattern pattern) => Each(tier, (blocks, width) =>
        {
            int vectors = tier.Vectors(blocks);
            int spelled = tier.UnrollingOf(pattern, width, blocks) switch
            {
                Unrolling.Full => pattern.Steps,
                Unrolling.Columns => pattern.Columns,
                _ => 1,
            };
            int dots = vectors + width * (vectors + 1);
            return 16 + spelled * dots + blocks * 6 + dots + width * (vectors + 1);
        });

        static int MachineTiles(TilePlan tier, int? units) => Each(tier, (blocks, width) => MachineTile(blocks, width, units));

        static int Each(TilePlan tier, Func<int, int, int> statements) =>
            tier.Blocks.Distinct().Sum(blocks => tier.Widths.Sum(width => statements(blocks, width)));
    }

    // An instruction is a line of the listing and its bytes: about a statement and a half.
    private static int MachineTile(int blocks, int width, int? units) =>
        60 + (TilePlan.SpelledUnits(units) * 3 / 2 + 1) * (blocks + width + width * blocks) + 8 * width * blocks;

    private static int PixelLanes(PixelLanesPlan plan, int phases)
    {
        int tiles = plan.Tiled.Sum(panel => plan.Unrolled.Sum(tier => Row + plan.Widths(tier, panel, phases).Sum(width => Tile(panel, width))));
        int machine = plan.MachineCode ? plan.Tiled.Sum(panel => Row + plan.MachineWidths(panel, phases).Sum(width => MachineTile(panel, width))) : 0;
        return Frame + Panels(plan.Panels.Count, plan.Panels.Select(panel => panel.Steps.Count * phases)) + tiles + machine;

        int Tile(PixelPanelPlan panel, int width)
        {
            int rows = plan.UnrollsRows(panel, width) ? 1 : Math.Max(1, panel.Vertical.Taps.Count);
            int dots = panel.Dots * (width == 1 ? 1 : width + 1) / rows;
            return 16 + dots + panel.Steps.Count * 3 / rows + panel.Channels * phases * (6 + 3 * width);
        }

        int MachineTile(PixelPanelPlan panel, int width) =>
            70 + (panel.Dots * (width == 1 ? 1 : width + 1) + panel.Steps.Count * width) * 3 / 2 + panel.Channels * phases * 7 * width + plan.Panels.Count / plan.Panels.Select(each => each.Vertical.Index).Distinct().Count() * panel.Channels * phases * 2;
    }

    private static int Depthwise(DepthwisePlan plan)
    {
        int taps = plan.Panels.Sum(panel => panel.Quads.Count() * 12 / TapsInStatement + 3);
        int machine = plan.MachineCode ? Machine(plan) : 0;
        return Frame + Panels(plan.Panels.Count, []) + taps + machine + plan.Unrolled.Sum(tier => Tiles(plan, tier));

        static int Tiles(DepthwisePlan plan, Tier tier)
        {
            DepthwiseLanes lanes = plan.LanesOf(tier);
            return plan.Tiled.Sum(panel => 40 + plan.Positions(tier, panel).Sum(positions => Tile(plan.Tile(panel, positions, lanes))));
        }

        static int Tile(DepthwiseTile tile) => 16 + tile.Quads.Count * 5 + tile.Dots * DepthwisePlan.Vectors * 4 / 3 + tile.Pixels * 4;

        static int Machine(DepthwisePlan plan)
        {
            DepthwiseLanes lanes = plan.LanesOf(Tier.Avx512Vnni);
            int widths = lanes.Chunks.Select(chunk => chunk.Lanes).Distinct().Count();
            return plan.Tiled.Sum(panel => Row + widths * plan.Positions(Tier.Avx512Vnni, panel).Sum(positions => Routine(plan.Tile(panel, positions, lanes))));
        }

        // Two instructions are about three statements.
        static int Routine(DepthwiseTile tile) => 60 + (tile.Quads.Count * 12 + tile.Dots * DepthwisePlan.Vectors + tile.Pixels * 36) * 3 / 2;
    }

    // Each panel is called once a tier, and described once for packing.
    private static int Panels(int count, IEnumerable<int> taps) => count * (Tier.All.Count + 4) + taps.Sum() / TapsInStatement;
}
