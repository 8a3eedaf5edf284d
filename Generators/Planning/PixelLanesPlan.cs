using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>
/// PixelLanes: a vector holds one output channel of neighbouring pixels. Input rows are regrouped to planes of 4
/// channels, so that one load serves every phase and channel; of a strided convolution's rows, pixels of each residue by
/// themselves. Weights are broadcast; the epilogue interleaves.
/// No lane is wasted on few or odd output channels.
/// </summary>
/// <param name="UnitChannels">Input channels rounded up to whole units.</param>
/// <param name="Panels">The sets of accumulators, row by row.</param>
/// <param name="MachineCode">Whether there is a machine-code tier: its tiles spell out every step.</param>
/// <param name="Detail">How much C# tiles spell out, a kernel row at least.</param>
/// <param name="Dots">See <see cref="DataflowPlan"/>.</param>
internal sealed record PixelLanesPlan(int UnitChannels, EquatableArray<PixelPanelPlan> Panels, bool MachineCode, Detail Detail, double Dots) : DataflowPlan(Dots)
{
    /// <summary>Accumulators of a tile one vector wide: what 16 registers hold beside operands.</summary>
    public const int MostAccumulators = 12;

    // Measured: what ChannelLanes does not count (its loads and epilogue) makes its dot steps longer than those counted here, so much that it is the
    // slower one where it wastes a quarter of its lanes, but not where it wastes a sixth. Of 24 output channels of a 1x1 layer, 512-bit vpdpbusd
    // would be 1.3 times as fast there, 256-bit ones 1.1 times as fast here, vpmaddubsw 1.4 times; of 40 channels, 1.6 and 1.0 times there, 1.3 here.
    private const double Overhead = 0.97;

    // Regrouping 4 channels of 16 input pixels, in dot steps.
    private const double StagedPixel = 5;

    // Each is called from the walk over rows, and described for packing: beyond this they would never fit a file.
    private const int MostPanels = 256;

    // Their addresses stand on the stack.
    private const int MostStagedRows = 1 << 14;

    /// <summary>Plans a layer; null when the dataflow does not fit it, with the reason.</summary>
    public static PixelLanesPlan? Of(LayerSpec spec, LayerGeometry geometry, out string refusal)
    {
        int phases = geometry.Horizontal.Phases.Count;
        refusal = spec.Groups > 1 ? "groups do not share input pixels"
            : (geometry.Vertical.Last - geometry.Vertical.First + 1) * geometry.Horizontal.Residues.Count > MostStagedRows ? "an output row reads more staged rows than a table holds"
            : phases > MostAccumulators ? "more horizontal phases than accumulators"
            : string.Empty;
        if (refusal.Length > 0)
        {
            return null;
        }

        EquatableArray<PixelStep>[] steps = [.. geometry.Vertical.Phases.Select(vertical => PixelPanelPlan.StepsOf(spec, vertical, geometry.Horizontal))];
        PixelChunks? chunks = PixelChunks.Cheapest(spec, phases, steps, MostPanels, out refusal);
        if (chunks is null)
        {
            return null;
        }

        var panels = new List<PixelPanelPlan>();
        foreach (AxisPhase vertical in geometry.Vertical.Phases)
        {
            for (int chunk = 0; chunk < chunks.Count; chunk++)
            {
                int first = Math.Min(chunk * chunks.Channels, spec.OutChannels - chunks.Channels);
                var panel = new PixelPanelPlan(panels.Count, panels.Count, vertical, first, chunks.Channels, steps[vertical.Index]);
                panels.Add(panel with { Tiles = panels.Find(panel.LooksLike)?.Index ?? panel.Index });
            }
        }

        int unitChannels = (spec.InChannels + 3) / 4 * 4;
        double cost = Overhead * (LaneCost(geometry.Horizontal) * chunks.Compared(steps.Length) + StagedPixel * StagedPixels(geometry) * unitChannels / 4);
        return new PixelLanesPlan(unitChannels, new([.. panels]), spec.MachineCode && panels.All(panel => panel.Dots <= Detail.MostDots), Detail.All[0], cost);
    }

    // Input pixels that are regrouped for each output position, while ChannelLanes copies them or reads them in place.
    private static int StagedPixels(LayerGeometry geometry) =>
        Math.Min(geometry.Vertical.InputStride, geometry.Vertical.Last - geometry.Vertical.First + 1) * geometry.Horizontal.Residues.Count;

    // Lanes of 16 for each pixel of a row: more than 1 where the row is known to fill no whole vectors.
    private static double LaneCost(AxisGeometry horizontal)
    {
        int pixels = horizontal.CountOf(0) ?? 16;
        return (pixels + 15) / 16 * 16.0 / pixels;
    }

    /// <summary>The C# tiers whose tiles are spelled out.</summary>
    public EquatableArray<Tier> Unrolled => Tier.Unrolled(MachineCode);

    /// <summary>The panels that have tiles of their own.</summary>
    public IEnumerable<PixelPanelPlan> Tiled => Panels.Where(panel => panel.Tiles == panel.Index);

    /// <inheritdoc/>
    public override string? Loops =>
    (
        from panel in Tiled
        where !UnrollsRows(panel, 1)
        orderby panel.Dots descending
        select FormattableString.Invariant($"{panel.Dots} dot steps of {panel.Channels} channels are more than a tile spells out")).FirstOrDefault();

    /// <inheritdoc/>
    public override DataflowPlan Within(Detail detail) => this with { Detail = detail };

    /// <summary>Vectors of pixels in a tile of a panel, widest first.</summary>
    public EquatableArray<int> Widths(Tier tier, PixelPanelPlan panel, int phases) => new(tier == Tier.Avx512 && Detail.AllWidths && panel.Channels * phases <= 6 && panel.Dots * 2 / Math.Max(1, panel.Vertical.Taps.Count) <= Detail.Dots ? [2, 1] : [1]);

    /// <summary>Vectors of pixels in a machine-code tile of a panel, widest first.</summary>
    public static EquatableArray<int> MachineWidths(PixelPanelPlan panel, int phases)
    {
        int accumulators = panel.Channels * phases;
        int most = panel.Dots > Detail.MostDots / 4 ? 1 : accumulators <= 4 ? 4 : accumulators <= 8 ? 2 : 1;
        return new(most == 1 ? [1] : [most, 1]);
    }

    /// <summary>Whether a tile spells out all rows of the kernel, or loops over them.</summary>
    public bool UnrollsRows(PixelPanelPlan panel, int width) => panel.Dots * width <= Detail.Dots;
}
