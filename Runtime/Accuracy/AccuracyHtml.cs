using System.Globalization;
using System.Net;
using System.Text;

namespace Kernels.Accuracy;

/// <summary>A report as a page that needs no other file and no script.</summary>
internal static class AccuracyHtml
{
    private const string Style =
        """
        body { font: 15px/1.45 system-ui, sans-serif; max-width: 960px; margin: 32px auto; padding: 0 16px; color: #222; background: #fff; }
        h1 { font-size: 22px; } h2 { font-size: 18px; margin-top: 32px; } svg { max-width: 100%; height: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; }
        th, td { padding: 4px 10px; text-align: right; border-bottom: 1px solid #e3e3e3; }
        th:nth-child(-n+3), td:nth-child(-n+3) { text-align: left; }
        """;

    public static string Of(AccuracyReport report, string title)
    {
        string encoded = WebUtility.HtmlEncode(title);
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.Append(CultureInfo.InvariantCulture, $"<title>{encoded}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<h1>{encoded}</h1>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p>The output differs from the float model's with an SQNR of {AccuracyText.Decibel(report.Output.Error.Sqnr)} dB. Every layer is compared with the same layer of the float model, after all that came before it: the first that falls far below the one before it is the one to look at. Errors of a transposed layer's output phases that differ show as a checkerboard; they are in steps of the layer's scale.</p>\n");
        html.Append(report.ToSvg());
        html.Append("<table>\n<thead><tr>");
        foreach (string column in AccuracyText.Columns)
        {
            html.Append(CultureInfo.InvariantCulture, $"<th>{column}</th>");
        }

        html.Append("</tr></thead>\n<tbody>\n");
        foreach (LayerAccuracy layer in report.Layers)
        {
            html.Append("<tr>");
            foreach (string cell in AccuracyText.Cells(layer))
            {
                html.Append(CultureInfo.InvariantCulture, $"<td>{WebUtility.HtmlEncode(cell)}</td>");
            }

            html.Append("</tr>\n");
        }

        html.Append("</tbody>\n</table>\n<h2>Ranges of channels</h2>\n<p>A tensor has one scale: a channel of small values fills few of its codes. Balanced channels fill theirs alike.</p>\n");
        return html.Append(report.ToChannelRangesSvg()).Append("</body>\n</html>\n").ToString();
    }
}
