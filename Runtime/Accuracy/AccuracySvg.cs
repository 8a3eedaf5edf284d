using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;

namespace Kernels.Accuracy;

/// <summary>
/// A report as a picture: a bar of SQNR for each layer, a tick for each channel beneath it, and for transposed layers a square for
/// each output phase, coloured by its mean error.
/// </summary>
internal static class AccuracySvg
{
    private const int Width = 960;
    private const int Left = 230;
    private const int Right = 676;
    private const int Top = 64;
    private const int RowHeight = 44;
    private const int PhasesLeft = 796;
    private const int MaxCell = 38;

    // Beyond this there is nothing to see any more; the number says it.
    private const int MaxDecibel = 60;

    // A square must be so wide for its number.
    private const int NumberCell = 36;

    // Mean errors of half a step and more have the full colour.
    private const double FullColour = 0.5;

    public static string Of(AccuracyReport report)
    {
        var body = new StringBuilder();
        int y = Top;
        foreach (LayerAccuracy layer in report.Layers)
        {
            int height = Math.Max(RowHeight, PhaseRows(layer) * CellSize(layer) + 10);
            Row(body, layer, y);
            y += height;
        }

        StringBuilder svg = Open(y + 12);
        Heading(svg, 16, "start", "layer");
        Heading(svg, Left, "start", "SQNR in dB: a bar for the layer, a tick for each channel");
        Heading(svg, PhasesLeft, "start", "phase error in steps");
        for (int tick = 0; tick <= MaxDecibel; tick += 10)
        {
            double x = X(tick);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x:F1}\" x2=\"{x:F1}\" y1=\"{Top - 8}\" y2=\"{y}\" stroke=\"#e3e3e3\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:F1}\" y=\"{Top - 14}\" text-anchor=\"middle\" fill=\"#666\" font-size=\"11\">{tick}</text>\n");
        }

        return svg.Append(body).Append("</svg>\n").ToString();
    }

    /// <summary>Begins a picture of a report.</summary>
    internal static StringBuilder Open(int height)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#222\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{height}\" fill=\"#fff\"/>\n");
        return svg;
    }

    /// <summary>A layer's name in front of its row, and what it is.</summary>
    internal static void Label(StringBuilder svg, LayerAccuracy layer, string kind, int y)
    {
        string name = layer.Name.Length <= 30 ? layer.Name : layer.Name[..14] + "…" + layer.Name[^15..];
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"16\" y=\"{y + 14}\" font-weight=\"600\">{WebUtility.HtmlEncode(name)}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"16\" y=\"{y + 29}\" fill=\"#666\" font-size=\"11\">{WebUtility.HtmlEncode(kind)}</text>\n");
    }

    /// <summary>What stands above a column.</summary>
    internal static void Heading(StringBuilder svg, int x, string anchor, string text) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"24\" text-anchor=\"{anchor}\" font-weight=\"600\">{text}</text>\n");

    private static void Row(StringBuilder svg, LayerAccuracy layer, int y)
    {
        string colour = !layer.IsQuantized ? "#9aa5b1" : layer.Error.Sqnr < 20 ? "#d1495b" : "#3d7ea6";
        Label(svg, layer, string.Join(", ", new[] { layer.Type, layer.IsQuantized ? "int8" : "float" }.Where(static part => part.Length > 0)), y);
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Left}\" y=\"{y + 3}\" width=\"{X(layer.Error.Sqnr) - Left:F1}\" height=\"14\" fill=\"{colour}\"/>\n");
        for (int channel = 0; channel < layer.Channels.Count; channel++)
        {
            double x = X(layer.Channels[channel].Sqnr);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x:F1}\" x2=\"{x:F1}\" y1=\"{y + 20}\" y2=\"{y + 32}\" stroke=\"#222\" stroke-opacity=\"0.45\"><title>channel {channel}: {AccuracyText.Decibel(layer.Channels[channel].Sqnr)} dB</title></line>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"\n<text x=\"{Right + 12}\" y=\"{y + 14}\">{AccuracyText.Decibel(layer.Error.Sqnr)}</text>");
        if (layer.Saturation >= 0.00001)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Right + 12}\" y=\"{y + 29}\" fill=\"#b3541e\" font-size=\"11\">{100 * layer.Saturation:0.###} % beyond</text>");
        }

        svg.Append('\n');
        foreach (PhaseAccuracy phase in layer.Phases)
        {
            Square(svg, layer, phase, y);
        }
    }

    private static void Square(StringBuilder svg, LayerAccuracy layer, PhaseAccuracy phase, int y)
    {
        double error = AccuracyText.MeanError(layer, phase);
        int cell = CellSize(layer);
        int x = PhasesLeft + phase.Column * cell;
        int top = y + phase.Row * cell;
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"{top}\" width=\"{cell - 1}\" height=\"{cell - 1}\" fill=\"{Colour(error)}\" stroke=\"#bbb\" stroke-width=\"0.5\"><title>row {phase.Row}, column {phase.Column}: {AccuracyText.Decibel(phase.Error.Sqnr)} dB, mean error {error:F4} {AccuracyText.Unit(layer)}</title></rect>");
        if (cell >= NumberCell)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + (cell - 1) / 2.0:F1}\" y=\"{top + cell / 2 + 4}\" text-anchor=\"middle\" font-size=\"11\">{error:+0.00;-0.00;0.00}</text>\n");
        }
    }

    private static int CellSize(LayerAccuracy layer) =>
        layer.Phases.Count == 0 ? 0 : Math.Min(MaxCell, (Width - 8 - PhasesLeft) / (layer.Phases.Max(static phase => phase.Column) + 1));

    /// <summary>White for 0, red above, blue below.</summary>
    private static string Colour(double error)
    {
        double strength = Math.Min(Math.Abs(error) / FullColour, 1);
        (int r, int g, int b) = error > 0 ? (224, 105, 90) : (90, 140, 220);
        return string.Create(CultureInfo.InvariantCulture, $"#{Mix(r):x2}{Mix(g):x2}{Mix(b):x2}");

        int Mix(int full) => (int)Math.Round(255 + (full - 255) * strength);
    }

    private static int PhaseRows(LayerAccuracy layer) => layer.Phases.Count == 0 ? 0 : layer.Phases.Max(static phase => phase.Row) + 1;

    private static double X(double decibel) =>
        Left + (Right - Left) * (double.IsNaN(decibel) ? 0 : Math.Clamp(decibel, 0, MaxDecibel)) / MaxDecibel;
}
