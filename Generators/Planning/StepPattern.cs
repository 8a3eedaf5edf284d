using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>
/// Which input a tile looks at, relative to its first row and column: a grid of evenly spaced steps. A step is the channels of a tap,
/// or of all taps of a kernel row. Phases with the same pattern share the code of their tiles.
/// </summary>
/// <param name="Rows">Rows of steps.</param>
/// <param name="RowStep">Input rows from one to the next.</param>
/// <param name="Columns">Steps of a row.</param>
/// <param name="ColumnStep">Input pixels from one to the next.</param>
/// <param name="Units">Units of 4 channels of a step. The last one may reach beyond the step's channels, where weights are 0.</param>
/// <param name="MergesTaps">Whether a step is all taps of a kernel row.</param>
internal sealed record StepPattern(int Rows, int RowStep, int Columns, int ColumnStep, int Units, bool MergesTaps)
{
    /// <summary>Steps of one output pixel.</summary>
    public int Steps => Rows * Columns;

    /// <summary>Dot steps of one output pixel and vector.</summary>
    public int Dots => Steps * Units;

    /// <summary>The pattern of a pair of phases.</summary>
    public static StepPattern Of(LayerSpec spec, AxisPhase vertical, AxisPhase horizontal, bool mergeTaps)
    {
        int rows = vertical.Taps.Count;
        int columns = horizontal.Taps.Count;
        return rows * columns == 0 ? new StepPattern(0, 1, 0, 1, 0, false)
            : mergeTaps ? new StepPattern(rows, vertical.Step, 1, 1, UnitsOf(columns * spec.GroupInputs), true)
            : new StepPattern(rows, vertical.Step, columns, horizontal.Step, UnitsOf(spec.GroupInputs), false);
    }

    private static int UnitsOf(int channels) => (channels + 3) / 4;
}
