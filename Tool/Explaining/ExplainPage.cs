using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;
using Kernels.Generators.Emission;
using Kernels.Generators.Planning;

namespace Kernels.Tool.Explaining;

/// <summary>What was generated for the layers of a network, as a page that needs no other file and no script.</summary>
internal static class ExplainPage
{
    // vpdpbusd on 512 bits: one a cycle. Elsewhere cycles for the same products, by the ports that vpmaddubsw, vpmaddwd and vpaddd share.
    private static readonly (string Tier, double Least, double Most)[] Tiers = [("Avx512Vnni", 1, 1), ("AvxVnni", 1, 2), ("Avx512", 1.5, 2), ("Avx2", 2, 3)];

    private const string Style =
        """
        :root { color-scheme: light; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 1160px; margin: 32px auto; padding: 0 20px; color: #1f2933; background: #fff; }
        h1 { font-size: 24px; } h3 { font-size: 15px; margin: 20px 0 6px; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; }
        th, td { padding: 4px 12px; text-align: right; border-bottom: 1px solid #e4e7eb; } th, td:not(:nth-child(2)) { white-space: nowrap; } th:nth-child(-n+3), td:nth-child(-n+3) { text-align: left; }
        a { color: #2b6f97; }
        details { border: 1px solid #e4e7eb; border-radius: 8px; padding: 4px 16px; margin: 12px 0; } details[open] { padding-bottom: 16px; }
        summary { cursor: pointer; font-weight: 600; padding: 6px 0; } summary span { font-weight: 400; color: #616e7c; margin-left: 8px; }
        pre { background: #f5f7fa; border-radius: 6px; padding: 10px 12px; overflow: auto; font: 12px/1.45 ui-monospace, monospace; margin: 6px 0; }
        .code { max-height: 460px; } .sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); gap: 16px; }
        .bar { height: 10px; background: #3d7ea6; border-radius: 2px; display: inline-block; } .note { color: #616e7c; font-size: 13px; margin: 4px 0; }
        svg { max-width: 100%; height: auto; }
        """;

    /// <summary>Writes the page.</summary>
    /// <param name="title">What the network is called.</param>
    /// <param name="layers">Its layers with weights.</param>
    /// <param name="machine">Where times were measured; nothing where none were.</param>
    public static string Of(string title, IReadOnlyList<ExplainedLayer> layers, string machine = "")
    {
        string encoded = WebUtility.HtmlEncode(title);
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n");
        html.Append(CultureInfo.InvariantCulture, $"<title>{encoded}: what was generated</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<h1>{encoded}</h1>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p>{(layers.Count == 1 ? "1 layer" : $"{layers.Count} layers")} with weights, {Millions(layers.Sum(static layer => layer.Multiplications))} multiplications an image. For each: which input pixels an output pixel reads, the dataflow that was chosen and those that were not, the register tile, and the code of the tile. Cycles are those of the dot steps alone: epilogue, borders and memory come on top.{(machine.Length == 0 ? "" : " Times were measured on " + WebUtility.HtmlEncode(machine) + ", one thread.")}</p>\n");
        Overview(html, layers);
        for (int i = 0; i < layers.Count; i++)
        {
            Layer(html, layers[i], i, isOpen: layers.Count == 1);
        }

        return html.Append("</body>\n</html>\n").ToString();
    }

    private static void Overview(StringBuilder html, IReadOnlyList<ExplainedLayer> layers)
    {
        bool isMeasured = layers.Any(static layer => layer.Measured is not null);
        double most = Math.Max(1, layers.Max(static layer => layer.Cycles));
        html.Append("<table>\n<thead><tr><th>layer</th><th>shape</th><th>dataflow</th><th>M mult</th><th>KB moved</th><th>used</th><th>k cycles</th>");
        html.Append(isMeasured ? "<th>us</th><th>GMAC/s</th>" : "").Append("<th></th></tr></thead>\n<tbody>\n");
        for (int i = 0; i < layers.Count; i++)
        {
            ExplainedLayer layer = layers[i];
            html.Append(CultureInfo.InvariantCulture, $"<tr><td><a href=\"#layer{i}\">{WebUtility.HtmlEncode(layer.Name)}</a></td><td>{WebUtility.HtmlEncode(Shape(layer))}</td><td>{layer.Dataflow}</td><td>{layer.Multiplications / 1e6:0.00}</td><td>{layer.Bytes / 1024.0:0}</td><td>{layer.Use:0 %}</td><td>{layer.Cycles / 1e3:0.0}</td>");
            if (isMeasured)
            {
                html.Append(layer.Measured is { } time
                    ? string.Create(CultureInfo.InvariantCulture, $"<td>{time.TotalMicroseconds:0.0}</td><td>{layer.Multiplications / time.TotalMicroseconds / 1e3:0}</td>")
                    : "<td></td><td></td>");
            }

            html.Append(CultureInfo.InvariantCulture, $"<td style=\"text-align:left\"><span class=\"bar\" style=\"width:{160 * layer.Cycles / most:0.0}px\"></span></td></tr>\n");
        }

        html.Append("</tbody>\n</table>\n<p class=\"note\">used: the share of the products of all dot steps that are the layer's; k cycles: with 512-bit vpdpbusd, one a cycle.</p>\n");
    }

    private static void Layer(StringBuilder html, ExplainedLayer layer, int index, bool isOpen)
    {
        html.Append(CultureInfo.InvariantCulture, $"<details id=\"layer{index}\"{(isOpen ? " open" : "")}>\n<summary>{WebUtility.HtmlEncode(layer.Name)}<span>{WebUtility.HtmlEncode(Shape(layer))}, {Size(layer.Input)} to {Size(layer.Output)}, {layer.Dataflow}</span></summary>\n");
        Cost(html, layer);
        string phases = PhasesSvg.Of(layer.Plan);
        if (phases.Length > 0)
        {
            html.Append("<h3>What an output pixel reads</h3>\n<p class=\"note\">Input pixels around (y, x), which is framed; those that are read hold the row and column of their tap. Each output pixel whose place has the same remainder by the stride is computed alike: a phase.</p>\n").Append(phases);
        }

        html.Append("<h3>The plan</h3>\n<pre>");
        foreach (string line in layer.Remarks)
        {
            html.Append(WebUtility.HtmlEncode(line)).Append('\n');
        }

        html.Append("</pre>\n");
        Tiles(html, ReadableTile.Of(layer.Plan));
        html.Append("</details>\n");
    }

    private static void Cost(StringBuilder html, ExplainedLayer layer)
    {
        html.Append(CultureInfo.InvariantCulture, $"<h3>Cost</h3>\n<p class=\"note\">{Millions(layer.Multiplications)} multiplications, {layer.Bytes / 1024.0:0} KB read and written at least: {layer.Multiplications / (double)layer.Bytes:0.0} multiplications a byte.{(layer.Measured is { } time ? string.Create(CultureInfo.InvariantCulture, $" Measured: {time.TotalMicroseconds:0.0} us, {layer.Multiplications / time.TotalMicroseconds / 1e3:0} GMAC/s.") : "")}</p>\n");
        if (layer.Cycles == 0)
        {
            return;
        }

        html.Append("<table>\n<thead><tr><th>tier</th><th>dot steps</th><th></th><th>cycles</th></tr></thead>\n<tbody>\n");
        foreach ((string tier, double least, double most) in Tiers)
        {
            if (tier == Tiers[0].Tier && !PlanCost.HasMachineCode(layer.Plan))
            {
                continue;
            }

            string cycles = least == most ? Thousands(layer.Cycles * least) : $"{Thousands(layer.Cycles * least)} to {Thousands(layer.Cycles * most)}";
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{tier}</td><td>{Thousands(layer.Cycles)} of 64 products</td><td><span class=\"bar\" style=\"width:{60 * most:0}px\"></span></td><td>{cycles}</td></tr>\n");
        }

        html.Append("</tbody>\n</table>\n");
    }

    private static void Tiles(StringBuilder html, IReadOnlyList<ReadableTile> tiles)
    {
        if (tiles.Count == 0)
        {
            html.Append("<p class=\"note\">The runtime's kernel for any shape runs this layer.</p>\n");
            return;
        }

        html.Append("<h3>Register tile</h3>\n<div class=\"sides\">\n");
        foreach (ReadableTile tile in tiles)
        {
            html.Append(CultureInfo.InvariantCulture, $"<div><p class=\"note\">{WebUtility.HtmlEncode(TileSvg.Caption(tile))}</p>\n{TileSvg.Of(tile)}</div>\n");
        }

        html.Append("</div>\n<h3>The tile's code</h3>\n<div class=\"sides\">\n");
        foreach (ReadableTile tile in tiles)
        {
            html.Append(CultureInfo.InvariantCulture, $"<div><p class=\"note\">{tile.Tier.Name}{(tile.Tier.IsMachineCode ? ", machine code" : "")}</p>\n<pre class=\"code\" tabindex=\"0\">{WebUtility.HtmlEncode(tile.Text)}</pre></div>\n");
        }

        html.Append("</div>\n");
    }

    private static string Shape(ExplainedLayer layer) => layer.Remarks.First();

    private static string Size(Shape4 shape) => string.Create(CultureInfo.InvariantCulture, $"{shape.C} x {shape.H} x {shape.W}");

    private static string Millions(long count) => string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0.00} M");

    private static string Thousands(double count) => string.Create(CultureInfo.InvariantCulture, $"{count / 1e3:#,0.0} k");
}
