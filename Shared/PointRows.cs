namespace Kernels.Geometry;

/// <summary>
/// Layers whose output pixels read their own input pixel and no other: rows of an image follow one another in memory, so several of them can be
/// taken for one. Tiles of many pixels then waste less where images are narrow.
/// </summary>
internal static class PointRows
{
    // A tile of 16 pixels wastes a sixth of it at most; enough rows are left for threads, where there is work for them.
    private const int Enough = 96;

    /// <summary>Whether a layer is one.</summary>
    public static bool Are(AxisSpec vertical, AxisSpec horizontal) => vertical.IsPoint && horizontal.IsPoint;

    /// <summary>How many rows to take for one: they divide the image's rows.</summary>
    /// <param name="rows">Rows of the image.</param>
    /// <param name="columns">Columns of the image.</param>
    /// <returns>At least 1.</returns>
    public static int Together(int rows, int columns)
    {
        int least = (Enough - 1) / columns + 1;
        for (int together = least; together < rows && together <= 2 * least; together++)
        {
            if (rows % together == 0)
            {
                return together;
            }
        }

        // Few rows, or none that divide them: all, unless there are many.
        return (long)rows * columns <= 4 * Enough ? rows : 1;
    }
}
