using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>
/// ChannelLanes: a vector holds the accumulators of 16 output channels of one output pixel; 4 input bytes are
/// broadcast to all lanes and meet weights packed [panel][block][step][unit of 4 channels][lane][4].
/// </summary>
/// <param name="UnitChannels">Input channels of a group, rounded up to whole units.</param>
/// <param name="Patterns">The distinct step patterns.</param>
/// <param name="Panels">The sets of output lanes, row by row.</param>
/// <param name="Tiles">The register tiles of each tier.</param>
/// <param name="MachineTiles">The register tiles of the machine-code tier; null when it is switched off.</param>
/// <param name="Dots">See <see cref="DataflowPlan"/>.</param>
internal sealed record ChannelLanesPlan(
    int UnitChannels,
    EquatableArray<StepPattern> Patterns,
    EquatableArray<LanePanelPlan> Panels,
    EquatableArray<TilePlan> Tiles,
    TilePlan? MachineTiles,
    double Dots) : DataflowPlan(Dots)
{
    // Each is called from the walk over rows, and described for packing: beyond this they would never fit a file.
    private const int MostPanels = 256;

    /// <summary>Plans a layer; null when the dataflow does not fit it, with the reason.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="geometry">Its phases.</param>
    /// <param name="refusal">Why the dataflow does not fit.</param>
    public static ChannelLanesPlan? Of(LayerSpec spec, LayerGeometry geometry, out string refusal)
    {
        List<EquatableArray<AxisPhase>> columns = MergeHorizontal(spec, geometry.Horizontal);
        refusal = "too many phases to spell out";
        if (columns.Count * geometry.Vertical.Phases.Count > MostPanels)
        {
            return null;
        }

        var patterns = new List<StepPattern>();
        var panels = new List<LanePanelPlan>();
        foreach (AxisPhase vertical in geometry.Vertical.Phases)
        {
            foreach (EquatableArray<AxisPhase> horizontal in columns)
            {
                var pattern = StepPattern.Of(vertical, horizontal[0]);
                if (!patterns.Contains(pattern))
                {
                    patterns.Add(pattern);
                }

                panels.Add(new LanePanelPlan(panels.Count, patterns.IndexOf(pattern), vertical, horizontal));
            }
        }

        int lanes = panels[0].Lanes(spec);
        int unitChannels = (spec.GroupInputs + 3) / 4 * 4;
        int steps = panels.Sum(panel => patterns[panel.Pattern].Steps) * unitChannels / 4 * spec.Groups;
        return new ChannelLanesPlan(
            unitChannels,
            new([.. patterns]),
            new([.. panels]),
            new([.. Tier.All.Select(tier => TilePlan.Of(tier, lanes, geometry.Horizontal.Count))]),
            spec.MachineCode ? TilePlan.Of(Tier.Avx512Vnni, lanes, geometry.Horizontal.Count) : null,
            steps * 16.0 * ((lanes + 15) / 16));
    }

    /// <inheritdoc/>
    public override string? Loops =>
    (
        from tile in Tiles
        from pattern in Patterns
        where tile.UnrollingOf(pattern, tile.Widths[0], tile.Blocks.Max()) != Unrolling.Full
        orderby pattern.Steps descending
        select FormattableString.Invariant($"{pattern.Rows}x{pattern.Columns} taps of {tile.Widths[0]} pixels x {tile.Vectors(tile.Blocks.Max())} vectors are more than a tile spells out on {tile.Tier.Name}")).FirstOrDefault();

    /// <inheritdoc/>
    public override DataflowPlan Within(Detail detail) => this with
    {
        Tiles = new([.. Tiles.Select(tile => tile.Within(detail))]),
        MachineTiles = MachineTiles?.Within(detail),
    };

    // Phases that look at the same pixels share lanes, when the output width is a multiple of their number whatever
    // the input width is (its remainder does not depend on it).
    private static List<EquatableArray<AxisPhase>> MergeHorizontal(LayerSpec spec, AxisGeometry geometry)
    {
        AxisSpec axis = spec.Horizontal;
        bool whole = (axis.Dilation * (axis.Kernel - 1) + 1 + axis.OutputPadding - 2 * axis.Padding) % axis.Stride == 0;
        bool same = geometry.Phases.All(phase => phase.Taps.Select(tap => tap.Offset).SequenceEqual(geometry.Phases[0].Taps.Select(tap => tap.Offset)));
        return spec.Kind == LayerKind.ConvTranspose2d && spec.Groups == 1 && whole && same
            ? [geometry.Phases]
            : [.. geometry.Phases.Select(phase => new EquatableArray<AxisPhase>([phase]))];
    }
}
