using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security;
using System.Text;

namespace Kernels.Bench.Report;

/// <summary>
/// The results as an SVG picture. Left: a dot for each contestant, placed by its speed relative to the generated kernel, which is the
/// line at 1; dots left of it are slower. Right: share of the measured peak, for weights of both kinds.
/// </summary>
internal static class Chart
{
    private const int RowHeight = 26;
    private const int Top = 96;
    private const int NameWidth = 150;
    private const int DotsWidth = 620;
    private const int SharesLeft = NameWidth + DotsWidth + 50;
    private const int SharesWidth = 240;
    private const int Width = SharesLeft + SharesWidth + 100;

    // Speeds are shown from 1/64 of the generated kernel's to four times it, on a logarithmic axis.
    private const double SlowestPower = -6;
    private const double FastestPower = 2;

    private static readonly string[] Colours = ["#0072b2", "#999999", "#d55e00", "#e69f00", "#009e73", "#56b4e9", "#cc79a7", "#7f4f24"];

    /// <summary>Writes the picture.</summary>
    /// <param name="path">The file.</param>
    /// <param name="results">The results.</param>
    /// <param name="peers">Columns of the peers.</param>
    public static void Write(string path, IReadOnlyList<QuickResult> results, IReadOnlyList<string> peers)
    {
        string[] others = [QuickResult.Generic, QuickResult.Float, .. peers.Where(peer => results.Any(result => result.TimeOf(peer) is not null))];
        int height = Top + results.Count * RowHeight + 50;
        var svg = new StringBuilder();
        Line($"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="12">""");
        Line($"""<rect width="100%" height="100%" fill="white"/>""");
        Text(16, 26, "Generated int8 kernels, one thread", "start", "font-size=\"16\" font-weight=\"bold\"");
        Legend(others);
        DotsAxis(results.Count);
        SharesAxis(results.Count);
        for (int i = 0; i < results.Count; i++)
        {
            Row(results[i], others, Top + i * RowHeight + RowHeight / 2);
        }

        Line($"</svg>");
        File.WriteAllText(path, svg.ToString());

        void Line(FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

        void Text(double x, double y, string text, string anchor, string style = "fill=\"#333333\"") =>
            Line($"""<text x="{x:F1}" y="{y:F1}" text-anchor="{anchor}" {style}>{SecurityElement.Escape(text)}</text>""");

        void Legend(string[] names)
        {
            double x = 16;
            for (int i = 0; i < names.Length; i++)
            {
                Line($"""<circle cx="{x + 5:F1}" cy="46" r="5" fill="{Colours[i % Colours.Length]}"/>""");
                Text(x + 15, 50, names[i], "start");
                x += 32 + names[i].Length * 6.8;
            }

            Line($"""<rect x="{x}" y="41" width="10" height="10" fill="#222222"/>""");
            Text(x + 15, 50, "generated", "start");
        }

        void DotsAxis(int rows)
        {
            int bottom = Top + rows * RowHeight;
            for (double power = SlowestPower; power <= FastestPower; power++)
            {
                double x = DotX(Math.Pow(2, power));
                Line($"""<line x1="{x:F1}" y1="{Top}" x2="{x:F1}" y2="{bottom}" stroke="{(power == 0 ? "#222222" : "#dddddd")}" stroke-width="{(power == 0 ? 2 : 1)}"/>""");
                Text(x, bottom + 18, power < 0 ? $"1/{Math.Pow(2, -power)}" : $"{Math.Pow(2, power)}x", "middle");
            }

            Text(NameWidth, Top - 12, "speed relative to the generated kernel: left of the line is slower", "start");
        }

        void SharesAxis(int rows)
        {
            int bottom = Top + rows * RowHeight;
            for (int percent = 0; percent <= 100; percent += 25)
            {
                double x = SharesLeft + SharesWidth * percent / 100.0;
                Line($"""<line x1="{x:F1}" y1="{Top}" x2="{x:F1}" y2="{bottom}" stroke="#dddddd"/>""");
                Text(x, bottom + 18, $"{percent}%", "middle");
            }

            Text(SharesLeft, Top - 28, "share of the measured peak of the instructions in use", "start");
            Text(SharesLeft, Top - 12, "dark: bell-shaped weights; light: whole int8 range", "start");
        }

        void Row(QuickResult result, string[] names, double y)
        {
            Text(NameWidth - 12, y + 4, result.Row.Name, "end");
            Line($"""<line x1="{NameWidth}" y1="{y}" x2="{NameWidth + DotsWidth}" y2="{y}" stroke="#eeeeee"/>""");
            for (int i = 0; i < names.Length; i++)
            {
                if (result.RatioTo(names[i]) is double ratio)
                {
                    Line($"""<circle cx="{DotX(1 / ratio):F1}" cy="{y}" r="5" fill="{Colours[i % Colours.Length]}" fill-opacity="0.85"><title>{names[i]}: {result.TimeOf(names[i]):F1} us</title></circle>""");
                }
            }

            Line($"""<rect x="{DotX(1) - 5:F1}" y="{y - 5}" width="10" height="10" fill="#222222"><title>generated: {result.TimeOf(QuickResult.Generated):F1} us</title></rect>""");
            Bar(result.Gmacs / result.Peak, y - 8, "#0072b2");
            Bar(result.FullRangeGmacs / result.FullRangePeak, y + 1, "#9ecae1");
        }

        void Bar(double? share, double y, string colour)
        {
            if (share is double value)
            {
                double width = SharesWidth * Math.Min(value, 1.1);
                Line($"""<rect x="{SharesLeft}" y="{y}" width="{width:F1}" height="7" fill="{colour}"/>""");
                Text(SharesLeft + width + 5, y + 7, Table.Percent(value), "start", "fill=\"#333333\" font-size=\"9\"");
            }
        }
    }

    // Speeds beyond the axis sit on its ends.
    private static double DotX(double speed)
    {
        double power = Math.Clamp(Math.Log2(speed), SlowestPower, FastestPower);
        return NameWidth + 10 + (power - SlowestPower) / (FastestPower - SlowestPower) * (DotsWidth - 20);
    }
}
