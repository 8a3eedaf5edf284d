namespace Kernels.Generators.Planning;

/// <summary>
/// Which input pixels a tile looks at, relative to its first row and column: a grid of evenly spaced steps.
/// Phases with the same pattern share the code of their tiles.
/// </summary>
internal sealed record StepPattern(int Rows, int RowStep, int Columns, int ColumnStep)
{
    /// <summary>Input pixels that one output pixel looks at.</summary>
    public int Steps => Rows * Columns;

    /// <summary>The pattern of a pair of phases.</summary>
    public static StepPattern Of(AxisPhase vertical, AxisPhase horizontal) => vertical.Taps.Count * horizontal.Taps.Count == 0
        ? new StepPattern(0, 1, 0, 1)
        : new StepPattern(vertical.Taps.Count, vertical.Step, horizontal.Taps.Count, horizontal.Step);
}
