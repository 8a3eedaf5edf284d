using System;

namespace Kernels.Execution;

/// <summary>
/// How a kernel wants to read input rows: which pixels beside the row, and in which layout. Constant for a layer.
/// </summary>
/// <param name="Groups">Groups of channels.</param>
/// <param name="GroupChannels">Channels of a group in the input.</param>
/// <param name="GroupStride">Channels of a group in a staged row: <paramref name="GroupChannels"/>, or more where rows are regrouped to whole units.</param>
/// <param name="Rows">Input rows that one output row can touch, first to last: the rows to keep.</param>
/// <param name="FirstColumn">Leftmost column read for output column 0: 0 or negative.</param>
/// <param name="LastColumn">Rightmost column read for output column 0.</param>
/// <param name="InputStride">Input columns from one output column of a phase to the next.</param>
/// <param name="OutputStride">Output columns from one output column of a phase to the next.</param>
/// <param name="Beyond">Channels behind the last one of a row that are read too, and multiplied by 0: at most 3.</param>
public sealed record RowShape(
    int Groups,
    int GroupChannels,
    int GroupStride,
    int Rows,
    int FirstColumn,
    int LastColumn,
    int InputStride,
    int OutputStride,
    int Beyond = 0)
{
    /// <summary>Channels of a pixel in a staged row.</summary>
    public int PixelStride => Groups * GroupStride;

    /// <summary>
    /// How PixelLanes kernels stage a row when <see cref="InputStride"/> is above 1: for each of these residues the columns that leave it
    /// when divided by the stride, side by side. Other residues are read by no tap.
    /// </summary>
    public int[] Residues { get; init; } = [0];

    /// <summary>Columns left of the image that are read.</summary>
    internal int Left => -FirstColumn;

    /// <summary>Columns right of the image that are read.</summary>
    internal int Right(int width, int outputWidth)
    {
        int last = (outputWidth - 1) / OutputStride * InputStride + LastColumn;
        return last < width ? 0 : last - (width - 1);
    }

    /// <summary>Columns of a residue that are read left of its first.</summary>
    internal int ResidueLeft => (Left + InputStride - 1) / InputStride;

    /// <summary>Columns of a residue that lie in the image.</summary>
    internal int ResidueWidth(int residue, int width) => (width - residue + InputStride - 1) / InputStride;

    /// <summary>Columns of residue 0, which has most, and of those that are read left and right of it.</summary>
    internal int ResidueColumns(int width, int outputWidth)
    {
        int last = (outputWidth - 1) / OutputStride + LastColumn / InputStride;
        return ResidueLeft + Math.Max(ResidueWidth(0, width), last + 1);
    }
}
