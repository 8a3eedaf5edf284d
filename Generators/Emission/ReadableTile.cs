using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Planning;

namespace Kernels.Generators.Emission;

/// <summary>A register tile as a page shows it: its accumulators, and its text.</summary>
/// <param name="Tier">Name of the tier.</param>
/// <param name="Rows">Rows of accumulators.</param>
/// <param name="Row">What a row is.</param>
/// <param name="Columns">Accumulators of a row, each a vector.</param>
/// <param name="Column">What one of them is.</param>
/// <param name="Text">C#, or the disassembly of machine code.</param>
internal sealed record ReadableTile(Tier Tier, int Rows, string Row, int Columns, string Column, string Text)
{
    /// <summary>Vector registers of the tier: AVX-512 and Arm64 have 32.</summary>
    public int Registers => Tier.Bits == 256 ? 16 : 32;

    /// <summary>The widest tile of each tier that has one of its own, the best tier first.</summary>
    public static IReadOnlyList<ReadableTile> Of(KernelPlan plan) => plan.Dataflow switch
    {
        ChannelLanesPlan lanes => [.. ChannelLanes(plan, lanes)],
        PixelLanesPlan pixels => [.. PixelLanes(plan, pixels)],
        DepthwisePlan depthwise => [.. Depthwise(plan, depthwise)],
        _ => [],
    };

    private static IEnumerable<ReadableTile> ChannelLanes(KernelPlan plan, ChannelLanesPlan lanes)
    {
        StepPattern pattern = lanes.Patterns.OrderByDescending(each => each.Steps).First();
        IEnumerable<TilePlan> tiers = lanes.MachineTiles is TilePlan machine ? [machine, .. lanes.Tiles] : lanes.Tiles;
        foreach (TilePlan tiles in tiers)
        {
            int blocks = tiles.Blocks.Max();
            var code = new CodeWriter();
            var tile = new LaneTileEmitter(code, plan, lanes, tiles, pattern, blocks, tiles.Widths[0]);
            yield return new ReadableTile(
                tiles.Tier, tiles.Widths[0], "output pixel", tiles.Vectors(blocks), $"{Emission.Text.Number(tiles.Tier.Lanes)} output channels", TextOf(tiles.Tier, code, tile.Emit, tile.Assemble));
        }
    }

    private static IEnumerable<ReadableTile> PixelLanes(KernelPlan plan, PixelLanesPlan pixels)
    {
        PixelPanelPlan panel = pixels.Tiled.First();
        int phases = plan.Geometry.Horizontal.OutputStride;
        IEnumerable<Tier> tiers = pixels.MachineCode ? [Planning.Tier.Avx512Vnni, .. pixels.Unrolled] : pixels.Unrolled;
        foreach (Tier tier in tiers)
        {
            int width = tier.IsMachineCode ? pixels.MachineWidths(panel, phases)[0] : pixels.Widths(tier, panel, phases)[0];
            var code = new CodeWriter();
            var tile = new PixelTileEmitter(code, plan, pixels, panel, tier, width);
            yield return new ReadableTile(
                tier, width, $"{Emission.Text.Number(tier.Lanes)} output pixels", phases * panel.Channels, phases == 1 ? "output channel" : "output channel of a phase", TextOf(tier, code, tile.Emit, tile.Assemble));
        }
    }

    private static IEnumerable<ReadableTile> Depthwise(KernelPlan plan, DepthwisePlan depthwise)
    {
        IEnumerable<Tier> tiers = depthwise.MachineCode ? [Planning.Tier.Avx512Vnni, .. depthwise.Unrolled] : depthwise.Unrolled;
        foreach (Tier tier in tiers)
        {
            DepthwiseTileShape shape = DepthwiseTierEmitter.Shapes(plan, depthwise, tier)[0];
            var code = new CodeWriter();
            yield return new ReadableTile(
                tier,
                shape.Tile.Pixels,
                "output pixel",
                DepthwisePlan.Vectors,
                $"{Emission.Text.Number(tier.Lanes)} channels",
                TextOf(tier, code, new DepthwiseTileEmitter(code, shape).Emit, () => DepthwiseAssembler.Tile(shape)));
        }
    }

    private static string TextOf(Tier tier, CodeWriter code, Action emit, Func<MachineTile> assemble)
    {
        if (tier.IsMachineCode)
        {
            return string.Join("\n", assemble().Listing());
        }

        emit();
        return code.ToString().TrimEnd();
    }
}
