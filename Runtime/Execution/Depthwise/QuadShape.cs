namespace Kernels.Execution;

/// <summary>The 4 input pixels that one lane of a depthwise kernel multiplies at once: 1x4, 2x2 or 4x1 taps.</summary>
/// <param name="Rows">Rows of the quad.</param>
/// <param name="RowStep">Input rows from one to the next.</param>
/// <param name="ColumnStep">Input columns from one to the next.</param>
public readonly record struct QuadShape(int Rows, int RowStep, int ColumnStep)
{
    /// <summary>Columns of the quad.</summary>
    public int Columns => 4 / Rows;
}
