using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>One dot step of a depthwise panel: a quad of taps.</summary>
/// <param name="Row">Input row of the quad's first tap, relative to the panel's first row.</param>
/// <param name="Column">Input column of the quad's first tap, relative to the pixel.</param>
/// <param name="Taps">For each of the 4 taps the kernel position ky * KernelWidth + kx, or -1.</param>
internal sealed record QuadStep(int Row, int Column, EquatableArray<int> Taps);

/// <summary>One phase of a depthwise kernel.</summary>
internal sealed record DepthwisePanelPlan(int Index, AxisPhase Vertical, AxisPhase Horizontal, EquatableArray<QuadStep> Steps);

/// <summary>
/// Depthwise: every input channel has one output channel. Lanes hold channels; a dot step multiplies 4 taps of each,
/// from rows regrouped to quads of neighbouring pixels.
/// </summary>
/// <param name="QuadRows">Rows of a quad: 1, 2 or 4.</param>
/// <param name="RowStep">Input rows between the taps of a quad.</param>
/// <param name="ColumnStep">Input columns between the taps of a quad.</param>
/// <param name="LastColumn">Rightmost column that any quad touches.</param>
/// <param name="Panels">The phases, row by row.</param>
/// <param name="Dots">See <see cref="DataflowPlan"/>.</param>
internal sealed record DepthwisePlan(
    int QuadRows,
    int RowStep,
    int ColumnStep,
    int LastColumn,
    EquatableArray<DepthwisePanelPlan> Panels,
    double Dots) : DataflowPlan(Dots)
{
    /// <summary>Output pixels of a tile.</summary>
    public static readonly EquatableArray<int> Widths = new([4, 1]);

    /// <summary>Output pixels of a tile in machine code.</summary>
    public static readonly EquatableArray<int> MachineWidths = new([8, 4, 1]);

    /// <summary>How tiles cover a row.</summary>
    public static readonly TileWalk Walk = new(Widths);

    /// <summary>How tiles in machine code cover a row.</summary>
    public static readonly TileWalk MachineWalk = new(MachineWidths);

    // Each has tiles of its own: beyond this they would never fit a file.
    private const int MostPanels = 64;

    // Quads that a tile may spell out.
    private const int MostSteps = 64;

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

        DepthwisePlan best = new[] { 1, 2, 4 }.Select(rows => Of(spec, geometry, rows)).OrderBy(plan => plan.Dots).First();
        refusal = "more taps than a tile spells out";
        return best.Panels.Any(panel => panel.Steps.Count > MostSteps) ? null : best;
    }

    private static DepthwisePlan Of(LayerSpec spec, LayerGeometry geometry, int quadRows)
    {
        int quadColumns = 4 / quadRows;
        int rowStep = Step(geometry.Vertical);
        int columnStep = Step(geometry.Horizontal);
        var panels = new List<DepthwisePanelPlan>();
        foreach (AxisPhase vertical in geometry.Vertical.Phases)
        {
            foreach (AxisPhase horizontal in geometry.Horizontal.Phases)
            {
                var steps = new List<QuadStep>();
                for (int r = 0; r < vertical.Taps.Count; r += quadRows)
                {
                    for (int c = 0; c < horizontal.Taps.Count; c += quadColumns)
                    {
                        int[] taps =
                        [
                            .. from row in Enumerable.Range(r, quadRows)
                               from column in Enumerable.Range(c, quadColumns)
                               select row < vertical.Taps.Count && column < horizontal.Taps.Count
                                   ? vertical.Taps[row].Kernel * spec.Horizontal.Kernel + horizontal.Taps[column].Kernel
                                   : -1,
                        ];
                        steps.Add(new QuadStep(vertical.Taps[r].Offset - vertical.First, horizontal.Taps[c].Offset, new(taps)));
                    }
                }

                panels.Add(new DepthwisePanelPlan(panels.Count, vertical, horizontal, new([.. steps])));
            }
        }

        int last = panels.SelectMany(panel => panel.Steps).Select(step => step.Column + (quadColumns - 1) * columnStep).DefaultIfEmpty(0).Max();
        return new DepthwisePlan(quadRows, rowStep, columnStep, Math.Max(last, geometry.Horizontal.Last), new([.. panels]), panels.Sum(panel => panel.Steps.Count) * 16.0 * ((spec.OutChannels + 15) / 16));
    }

    // All phases of an axis space their taps alike; those with fewer than two have no spacing.
    private static int Step(AxisGeometry axis) => axis.Phases.Where(phase => phase.Taps.Count > 1).Select(phase => phase.Step).DefaultIfEmpty(1).First();
}
