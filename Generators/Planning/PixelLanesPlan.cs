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
/// <param name="SharesWeights">Whether machine-code tiles have several vectors of pixels, where their registers hold them: each weight is loaded once for all.</param>
/// <param name="Detail">How much C# tiles spell out, a kernel row at least.</param>
/// <param name="Dots">See <see cref="DataflowPlan"/>.</param>
internal sealed record PixelLanesPlan(int UnitChannels, EquatableArray<PixelPanelPlan> Panels, bool MachineCode, bool SharesWeights, Detail Detail, double Dots) : DataflowPlan(Dots)
{
    /// <summary>Accumulators of a tile one vector wide: what 16 registers hold beside operands.</summary>
    public const int MostAccumulators = 12;

    // Measured on 100 random layers in both dataflows ("regrets" of the bench): with 1.08 the cheaper plan is within a tenth of the faster one for 98 of them on
    // 512-bit vpdpbusd, for 86 on AVX2, where 24 output channels of a 1x1 layer are 1.4 times as fast here: one plan serves all tiers.
    private const double Overhead = 1.08;

    // Regrouping 4 channels of 16 input pixels, in dot steps.
    private const double StagedPixel = 5;

    // Dot steps of a machine-code tile of two vectors: it is twice as long.
    private const int MostSharedDots = 160;

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

        // Tiles of several vectors are more code: where a file cannot hold them, wider sets of accumulators are the next best.
        EquatableArray<PixelStep>[] steps = [.. geometry.Vertical.Phases.Select(vertical => PixelPanelPlan.StepsOf(spec, vertical, geometry.Horizontal))];
        PixelLanesPlan? shared = Of(spec, geometry, steps, sharesWeights: true, out refusal);
        return shared is null || Detail.Fit(shared, phases) is PixelLanesPlan { Detail.AllWidths: true } ? shared : Of(spec, geometry, steps, sharesWeights: false, out refusal);
    }

    private static PixelLanesPlan? Of(LayerSpec spec, LayerGeometry geometry, EquatableArray<PixelStep>[] steps, bool sharesWeights, out string refusal)
    {
        PixelChunks? chunks = PixelChunks.Cheapest(spec, geometry.Horizontal.Phases.Count, steps, MostPanels, sharesWeights, out refusal);
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
        return new PixelLanesPlan(unitChannels, new([.. panels]), spec.MachineCode && panels.All(panel => panel.Dots <= Detail.MostDots), sharesWeights, Detail.All[0], cost);
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
    public EquatableArray<int> MachineWidths(PixelPanelPlan panel, int phases) => SharesWeights ? MachineWidths(panel.Dots, panel.Channels * phases) : new([1]);

    /// <summary>The same before there is a panel.</summary>
    /// <param name="dots">Dot steps of one unit of input channels.</param>
    /// <param name="accumulators">Accumulators of a vector of pixels.</param>
    public static EquatableArray<int> MachineWidths(int dots, int accumulators)
    {
        int most = accumulators <= 4 && dots <= Detail.MostDots / 4 ? 4 : accumulators <= 8 && dots <= MostSharedDots ? 2 : 1;
        return new(most == 1 ? [1] : [most, 1]);
    }

    /// <summary>Whether a tile spells out all rows of the kernel, or loops over them.</summary>
    public bool UnrollsRows(PixelPanelPlan panel, int width) => panel.Dots * width <= Detail.Dots;
}
