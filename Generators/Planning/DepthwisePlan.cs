using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Specs;
using Kernels.Shared;

namespace Kernels.Generators.Planning;

/// <summary>A horizontal phase of a depthwise kernel.</summary>
/// <param name="Horizontal">The phase.</param>
/// <param name="Quads">Its dot steps.</param>
internal sealed record DepthwisePhase(AxisPhase Horizontal, EquatableArray<DepthwiseQuad> Quads);

/// <summary>
/// A vertical phase of a depthwise kernel with one horizontal phase, or with all where every row has as many pixels of each: what
/// they read is then unpacked once.
/// </summary>
/// <param name="Index">Number of the panel in packed memory.</param>
/// <param name="Tiles">Number of the first panel that reads the same pixels: its tiles serve this one too.</param>
/// <param name="Vertical">Vertical phase.</param>
/// <param name="Phases">Horizontal phases.</param>
internal sealed record DepthwisePanelPlan(int Index, int Tiles, AxisPhase Vertical, EquatableArray<DepthwisePhase> Phases)
{
    /// <summary>The dot steps of all phases.</summary>
    public IEnumerable<DepthwiseQuad> Quads => Phases.SelectMany(phase => phase.Quads);

    /// <summary>Whether tiles of another panel serve this one: they know pixels, but no taps by number.</summary>
    public bool LooksLike(DepthwisePanelPlan other) => Phases.Count == other.Phases.Count
        && Phases.Zip(other.Phases, (mine, its) => mine.Quads.Count == its.Quads.Count).All(same => same)
        && Quads.Zip(other.Quads, (mine, its) => mine.Sources.Equals(its.Sources) && mine.Taps.Zip(its.Taps, (a, b) => a < 0 == b < 0).All(same => same)).All(same => same);
}

/// <summary>
/// Depthwise: every input channel has one output channel. Lanes hold channels: a tile loads the bytes of 4 input pixels, unpacks them
/// to 4 bytes a lane, and multiplies these for every output pixel that reads them. Saturating packs put the codes back in order.
/// </summary>
/// <param name="Panels">The phases, row by row.</param>
/// <param name="Channels">Channels of the layer.</param>
/// <param name="ColumnStep">Input columns from one output position to the next.</param>
/// <param name="MayRepeat">Whether pixels of few channels may share a vector: see <see cref="DepthwiseLanes"/>.</param>
/// <param name="Wide">Whether tiles have several positions; single ones are always there.</param>
/// <param name="MachineCode">Whether there is a machine-code tier: its tiles spell out every dot step.</param>
/// <param name="Dots">See <see cref="DataflowPlan"/>.</param>
internal sealed record DepthwisePlan(EquatableArray<DepthwisePanelPlan> Panels, int Channels, int ColumnStep, bool MayRepeat, bool Wide, bool MachineCode, double Dots) : DataflowPlan(Dots)
{
    /// <summary>Vectors of accumulators of a pixel: what four bytes a lane are unpacked to.</summary>
    public const int Vectors = 4;

    // Each has tiles of its own: beyond this they would never fit a file.
    private const int MostPanels = 64;

    // Dot steps of a pixel that a tile may spell out.
    private const int MostQuads = 64;

    // Horizontal phases that share a tile: two pixels of 4 vectors are what 16 registers hold beside operands.
    private const int MostTogether = 2;

    /// <summary>Plans a layer; null when the dataflow does not fit it, with the reason.</summary>
    public static DepthwisePlan? Of(LayerSpec spec, LayerGeometry geometry, out string refusal)
    {
        refusal = "more than one input or output channel a group";
        if (spec.GroupInputs > 1 || spec.GroupOutputs > 1)
        {
            return null;
        }

        refusal = "too many phases to spell out";
        if (geometry.Vertical.Phases.Count * geometry.Horizontal.Phases.Count > MostPanels)
        {
            return null;
        }

        var panels = new List<DepthwisePanelPlan>();
        foreach (AxisPhase vertical in geometry.Vertical.Phases)
        {
            DepthwisePhase[] phases = [.. geometry.Horizontal.Phases.Select(phase => new DepthwisePhase(phase, new([.. DepthwiseQuad.Cover(spec, vertical, phase)])))];
            foreach (DepthwisePhase[] together in AreTogether(spec, geometry.Horizontal) ? [phases] : phases.Select(phase => new[] { phase }))
            {
                var panel = new DepthwisePanelPlan(panels.Count, panels.Count, vertical, new(together));
                panels.Add(panel with { Tiles = panels.Find(panel.LooksLike)?.Index ?? panel.Index });
            }
        }

        refusal = "more taps than a tile spells out";
        return panels.Any(panel => panel.Phases.Any(phase => phase.Quads.Count > MostQuads))
            ? null
            : new DepthwisePlan(
                new([.. panels]),
                spec.OutChannels,
                geometry.Horizontal.InputStride,
                geometry.Horizontal is { InputStride: 1, OutputStride: 1 },
                Wide: true,
                spec.MachineCode,
                panels.Sum(panel => panel.Quads.Count()) * 16.0 * ((spec.OutChannels + 15) / 16));
    }

    /// <summary>The C# tiers whose tiles are spelled out. Loops unpack an input again for each pixel that uses it, so Arm's tiers are among them.</summary>
    public EquatableArray<Tier> Unrolled => new([.. Tier.Unrolled(MachineCode), Tier.Vector128]);

    /// <summary>The panels that have tiles of their own.</summary>
    public IEnumerable<DepthwisePanelPlan> Tiled => Panels.Where(panel => panel.Tiles == panel.Index);

    /// <summary>How channels fill the vectors of a tier.</summary>
    public DepthwiseLanes LanesOf(Tier tier) => DepthwiseLanes.Of(Channels, MayRepeat, tier.Bits / 8, tier.IsMachineCode);

    /// <summary>Output positions of a panel's tiles on a tier, widest first; the last is 1.</summary>
    public EquatableArray<int> Positions(Tier tier, DepthwisePanelPlan panel)
    {
        int most = (tier.Bits == 512 ? 4 : 2) / panel.Phases.Count;
        return new(Wide && most > 1 ? [most, 1] : [1]);
    }

    /// <summary>A tile of a panel.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="positions">Its output positions.</param>
    /// <param name="lanes">How channels fill its vectors.</param>
    public DepthwiseTile Tile(DepthwisePanelPlan panel, int positions, DepthwiseLanes lanes) => DepthwiseTile.Of(panel, positions, ColumnStep * lanes.Repeat);

    /// <inheritdoc/>
    public override DataflowPlan Within(Detail detail)
    {
        bool wide = detail.AllWidths && Panels.All(panel => panel.Quads.Count() * Vectors * 4 <= detail.Dots);
        return this with { Wide = wide, MachineCode = MachineCode && detail.Dots == Detail.MostDots };
    }

    // Whether every row has as many pixels of each phase, whatever the input's width is: its remainder does not depend on it.
    private static bool AreTogether(LayerSpec spec, AxisGeometry geometry)
    {
        AxisSpec axis = spec.Horizontal;
        return geometry.OutputStride is > 1 and <= MostTogether
            && (axis.Dilation * (axis.Kernel - 1) + 1 + axis.OutputPadding - 2 * axis.Padding) % geometry.OutputStride == 0;
    }
}
