using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Kernels.Generators.Emission;
using Kernels.Generators.Planning;
using Kernels.Geometry;

namespace Kernels.Tool.Explaining;

/// <summary>
/// Which input pixels an output pixel reads, and through which taps, as a picture: a grid of input pixels for each phase, those that are read filled
/// and marked with the tap's row and column.
/// </summary>
internal static class PhasesSvg
{
    private const int Cell = 30;
    private const int Gap = 28;
    private const int TitleHeight = 22;
    private const int MostWidth = 900;

    // More cannot be told apart.
    private const int MostCells = 15;
    private const int MostPhases = 16;

    private static readonly string[] Colours = ["#3d7ea6", "#d1495b", "#66a182", "#edae49", "#7b6fa0", "#8c564b", "#2f4858", "#9aa5b1"];

    /// <summary>The picture; nothing where it would be too large to read.</summary>
    public static string Of(KernelPlan plan)
    {
        AxisGeometry vertical = plan.Geometry.Vertical;
        AxisGeometry horizontal = plan.Geometry.Horizontal;
        int rows = vertical.Last - vertical.First + 1;
        int columns = horizontal.Last - horizontal.First + 1;
        int phases = vertical.Phases.Count * horizontal.Phases.Count;
        if (rows > MostCells || columns > MostCells || phases > MostPhases)
        {
            return string.Empty;
        }

        int step = Math.Max(columns * Cell, 150) + Gap;
        int perRow = Math.Max(1, Math.Min(horizontal.Phases.Count, MostWidth / step));
        int height = rows * Cell + TitleHeight + Gap;
        var svg = new StringBuilder();
        int lines = (phases + perRow - 1) / perRow;
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {perRow * step} {lines * height}\" width=\"{perRow * step}\" height=\"{lines * height}\" font-family=\"system-ui, sans-serif\" font-size=\"11\" role=\"img\" aria-label=\"taps of each phase\">\n");
        int index = 0;
        foreach (AxisPhase v in vertical.Phases)
        {
            foreach (AxisPhase h in horizontal.Phases)
            {
                Phase(svg, plan, v, h, (index % perRow * step, index / perRow * height), Colours[index % Colours.Length]);
                index++;
            }
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Phase(StringBuilder svg, KernelPlan plan, AxisPhase v, AxisPhase h, (int X, int Y) at, string colour)
    {
        AxisGeometry vertical = plan.Geometry.Vertical;
        AxisGeometry horizontal = plan.Geometry.Horizontal;
        string pixel = $"({Text.Position(vertical.OutputStride, "y", v.Index)}, {Text.Position(horizontal.OutputStride, "x", h.Index)})";
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{at.X}\" y=\"{at.Y + 14}\" font-weight=\"600\" fill=\"{colour}\">output {pixel}</text>\n");
        for (int row = vertical.First; row <= vertical.Last; row++)
        {
            for (int column = horizontal.First; column <= horizontal.Last; column++)
            {
                AxisTap[] taps = [.. v.Taps.Where(tap => tap.Offset == row).Concat(h.Taps.Where(tap => tap.Offset == column))];
                int x = at.X + (column - horizontal.First) * Cell;
                int y = at.Y + TitleHeight + (row - vertical.First) * Cell;
                bool isRead = taps.Length == 2;
                bool isHere = row == 0 && column == 0;
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x + 1}\" y=\"{y + 1}\" width=\"{Cell - 2}\" height=\"{Cell - 2}\" rx=\"3\" fill=\"{(isRead ? colour : "#f1f3f5")}\"{(isHere ? " stroke=\"#222\" stroke-width=\"1.5\"" : "")}><title>input ({Offset("y", row)}, {Offset("x", column)})</title></rect>");
                if (isRead)
                {
                    svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + Cell / 2}\" y=\"{y + Cell / 2 + 4}\" text-anchor=\"middle\" fill=\"#fff\">{taps[0].Kernel},{taps[1].Kernel}</text>");
                }

                svg.Append('\n');
            }
        }
    }

    private static string Offset(string axis, int offset) => offset == 0 ? axis : string.Create(CultureInfo.InvariantCulture, $"{axis}{offset:+0;-0}");
}
