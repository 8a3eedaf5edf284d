using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>
/// ChannelLanes: a vector holds the accumulators of 16 output channels of one output pixel; 4 input bytes are
/// broadcast to all lanes and meet weights packed [panel][block][step][unit of 4 channels][lane][4]. Where channels
/// do not fill their units, all taps of a kernel row are one step: in memory they lie side by side.
/// </summary>
/// <param name="Patterns">The distinct step patterns.</param>
/// <param name="Panels">The sets of output lanes, row by row.</param>
/// <param name="Tiles">The register tiles of each tier.</param>
/// <param name="MachineTiles">The register tiles of the machine-code tier; null when it is switched off.</param>
/// <param name="Dots">See <see cref="DataflowPlan"/>.</param>
internal sealed record ChannelLanesPlan(
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

        bool mergeTaps = MergesTaps(spec, geometry.Horizontal);
        var patterns = new List<StepPattern>();
        var panels = new List<LanePanelPlan>();
        foreach (AxisPhase vertical in geometry.Vertical.Phases)
        {
            foreach (EquatableArray<AxisPhase> horizontal in columns)
            {
                var pattern = StepPattern.Of(spec, vertical, horizontal[0], mergeTaps);
                if (!patterns.Contains(pattern))
                {
                    patterns.Add(pattern);
                }

                panels.Add(new LanePanelPlan(panels.Count, patterns.IndexOf(pattern), pattern.MergesTaps ? horizontal[0].Taps.Count : 1, vertical, horizontal));
            }
        }

        int lanes = panels[0].Lanes(spec);
        int dots = panels.Sum(panel => patterns[panel.Pattern].Dots) * spec.Groups;
        return new ChannelLanesPlan(
            new([.. patterns]),
            new([.. panels]),
            new([.. Tier.Unrolled(spec.MachineCode).Select(tier => TilePlan.Of(tier, lanes, geometry.Horizontal.Count))]),
            spec.MachineCode ? TilePlan.Of(Tier.Avx512Vnni, lanes, geometry.Horizontal.Count) : null,
            dots * 16.0 * ((lanes + 15) / 16));
    }

    /// <summary>Channels that the last unit of a step may reach beyond what it multiplies.</summary>
    public int Beyond(LayerSpec spec) => Panels.Max(panel => Math.Max(0, Patterns[panel.Pattern].Units * 4 - panel.StepTaps * spec.GroupInputs));

    /// <summary>Units of the steps of all patterns, which share the routines of machine code; null where they differ.</summary>
    public int? StepUnits
    {
        get
        {
            int most = Patterns.Max(pattern => pattern.Units);
            return Patterns.All(pattern => pattern.Steps == 0 || pattern.Units == most) ? most : null;
        }
    }

    /// <inheritdoc/>
    public override string? Loops =>
    (
        from tile in Tiles
        from pattern in Patterns
        where tile.UnrollingOf(pattern, tile.Widths[0], tile.Blocks.Max()) != Unrolling.Full
        orderby pattern.Steps descending
        select FormattableString.Invariant($"{Taps(pattern)} of {tile.Widths[0]} pixels x {tile.Vectors(tile.Blocks.Max())} vectors are more than a tile spells out on {tile.Tier.Name}")).FirstOrDefault();

    private static string Taps(StepPattern pattern) => pattern.MergesTaps
        ? FormattableString.Invariant($"{pattern.Rows} rows of taps")
        : FormattableString.Invariant($"{pattern.Rows}x{pattern.Columns} taps");

    /// <inheritdoc/>
    public override DataflowPlan Within(Detail detail) => this with
    {
        Tiles = new([.. Tiles.Select(tile => tile.Within(detail))]),
        MachineTiles = MachineTiles?.Within(detail),
    };

    // Whether the taps of a kernel row are the neighbours that make one run of bytes, and whole units of channels would waste lanes.
    private static bool MergesTaps(LayerSpec spec, AxisGeometry geometry) =>
        spec.Groups == 1 && spec.GroupInputs % 4 != 0 && geometry.Phases.All(phase => phase.Step == 1) && geometry.Phases.Any(phase => phase.Taps.Count > 1);

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
