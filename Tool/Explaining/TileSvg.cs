using System.Globalization;
using System.Text;
using Kernels.Generators.Emission;

namespace Kernels.Tool.Explaining;

/// <summary>A register tile as a picture: a square for each accumulator, a vector register that stays where it is for the whole sum.</summary>
internal static class TileSvg
{
    private const int Cell = 22;
    private const int Left = 8;
    private const int Top = 20;

    /// <summary>The picture.</summary>
    public static string Of(ReadableTile tile)
    {
        int width = Left + tile.Columns * Cell + 8;
        int height = Top + tile.Rows * Cell + 8;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{tile.Rows} x {tile.Columns} accumulators\">\n");
        for (int row = 0; row < tile.Rows; row++)
        {
            for (int column = 0; column < tile.Columns; column++)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Left + column * Cell + 1}\" y=\"{Top + row * Cell + 1}\" width=\"{Cell - 2}\" height=\"{Cell - 2}\" rx=\"3\" fill=\"#3d7ea6\" fill-opacity=\"{(row % 2 == 0 ? "0.95" : "0.75")}\"/>");
            }

            svg.Append('\n');
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>The picture in words.</summary>
    public static string Caption(ReadableTile tile) => string.Create(
        CultureInfo.InvariantCulture,
        $"{tile.Tier.Name}: {tile.Rows} x {tile.Columns} = {tile.Rows * tile.Columns} accumulators of {tile.Registers} registers; a row is {Counted(tile.Row)}, a column {Counted(tile.Column)}");

    private static string Counted(string what) => char.IsDigit(what[0]) ? what : "one " + what;
}
