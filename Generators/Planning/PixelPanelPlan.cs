using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>One input pixel that a panel looks at, and the taps that the horizontal phases multiply it by.</summary>
/// <param name="Row">Index of the kernel row among those of the vertical phase.</param>
/// <param name="Column">Input column relative to that of the first pixel.</param>
/// <param name="StagedRow">Index of the staged row that holds it among those of the vertical phase.</param>
/// <param name="StagedColumn">Its place in the staged row relative to the first pixel.</param>
/// <param name="Taps">For each horizontal phase the kernel position ky * KernelWidth + kx, or -1 for none.</param>
internal sealed record PixelStep(int Row, int Column, int StagedRow, int StagedColumn, EquatableArray<int> Taps);

/// <summary>One set of accumulators of a PixelLanes kernel: some output channels in all horizontal phases of a vertical phase.</summary>
/// <param name="Index">Number of the panel in packed memory.</param>
/// <param name="Tiles">Number of the first panel that looks at the same pixels with as many channels: its tiles serve this one too.</param>
/// <param name="Vertical">Vertical phase.</param>
/// <param name="FirstChannel">First output channel.</param>
/// <param name="Channels">Output channels.</param>
/// <param name="Steps">Input pixels, row by row.</param>
internal sealed record PixelPanelPlan(int Index, int Tiles, AxisPhase Vertical, int FirstChannel, int Channels, EquatableArray<PixelStep> Steps)
{
    /// <summary>Dot steps of one unit of input channels.</summary>
    public int Dots { get; } = Steps.Sum(step => step.Taps.Count(tap => tap >= 0)) * Channels;

    /// <summary>The staged rows that the steps read.</summary>
    public IEnumerable<int> StagedRows => Steps.Select(step => step.StagedRow).Distinct();

    /// <summary>Whether tiles of another panel serve this one: they know steps and accumulators, but neither taps nor channels by number.</summary>
    public bool LooksLike(PixelPanelPlan other) => Channels == other.Channels
        && Vertical.Step == other.Vertical.Step
        && Vertical.Taps.Count == other.Vertical.Taps.Count
        && (ReferenceEquals(Vertical, other.Vertical) || HasSteps(other));

    /// <summary>
    /// The steps of a pair of vertical phase and all horizontal phases. A row is staged once for each residue of the columns that taps
    /// read, so that pixels of neighbouring outputs are neighbours; steps of a staged row follow each other.
    /// </summary>
    public static EquatableArray<PixelStep> StepsOf(LayerSpec spec, AxisPhase vertical, AxisGeometry horizontal)
    {
        int[] columns = [.. horizontal.Phases.SelectMany(phase => phase.Taps).Select(tap => tap.Offset).Distinct().OrderBy(horizontal.ResidueOf).ThenBy(offset => offset)];
        Dictionary<int, int>[] kernelColumns = [.. horizontal.Phases.Select(phase => phase.Taps.ToDictionary(tap => tap.Offset, tap => tap.Kernel))];
        var steps = new List<PixelStep>();
        for (int row = 0; row < vertical.Taps.Count; row++)
        {
            int kernelRow = vertical.Taps[row].Kernel * spec.Horizontal.Kernel;
            foreach (int column in columns)
            {
                int[] taps = [.. kernelColumns.Select(phase => phase.TryGetValue(column, out int kernelColumn) ? kernelRow + kernelColumn : -1)];
                int stagedRow = row * vertical.Step * horizontal.Residues.Count + horizontal.ResidueOf(column);
                steps.Add(new PixelStep(row, column, stagedRow, horizontal.PlaceOf(column), new(taps)));
            }
        }

        return new([.. steps]);
    }

    private bool HasSteps(PixelPanelPlan other) => Steps.Count == other.Steps.Count
        && Steps.Zip(other.Steps, (mine, its) => mine.StagedRow == its.StagedRow && mine.StagedColumn == its.StagedColumn && mine.Taps.Zip(its.Taps, (a, b) => a >= 0 == b >= 0).All(same => same)).All(same => same);
}
