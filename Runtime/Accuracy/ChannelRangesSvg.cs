using System;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Kernels.Accuracy;

/// <summary>
/// How channels use the codes of their tensor, as a picture: for each int8 layer a strip of bars, one a channel, as high as the bits that its range
/// fills. Where one channel has all eight and others two or three, one scale for the tensor is the loss: <see cref="Models.FloatModel.BalanceChannels"/>.
/// </summary>
internal static class ChannelRangesSvg
{
    private const int Left = 230;
    private const int Right = 876;
    private const int Top = 52;
    private const int BarHeight = 32;
    private const int RowHeight = 44;
    private const int MostBits = 8;

    // Fewer steps than 2^4 are seen in the output.
    private const double FewBits = 4;

    private const double WidestBar = 12;

    public static string Of(AccuracyReport report)
    {
        LayerAccuracy[] layers = [.. report.Layers.Where(static layer => layer.IsQuantized)];
        StringBuilder svg = AccuracySvg.Open(Top + layers.Length * RowHeight + 8);
        AccuracySvg.Heading(svg, 16, "start", "layer");
        AccuracySvg.Heading(svg, Left, "start", string.Create(CultureInfo.InvariantCulture, $"bits that each channel's range fills, of {MostBits}; red below {FewBits}"));
        AccuracySvg.Heading(svg, Right + 12, "start", "median");
        for (int i = 0; i < layers.Length; i++)
        {
            Row(svg, layers[i], Top + i * RowHeight);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Row(StringBuilder svg, LayerAccuracy layer, int y)
    {
        double[] bits = [.. layer.Channels.Select(channel => Bits(channel, layer.Quantization!.Value.Scale))];
        AccuracySvg.Label(svg, layer, string.Create(CultureInfo.InvariantCulture, $"{bits.Length} channels"), y);
        double step = Math.Min(WidestBar, (double)(Right - Left) / bits.Length);
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Left}\" y=\"{y}\" width=\"{step * bits.Length:F1}\" height=\"{BarHeight}\" fill=\"#f3f4f6\"/>\n");
        for (int channel = 0; channel < bits.Length; channel++)
        {
            double height = BarHeight * bits[channel] / MostBits;
            string colour = bits[channel] < FewBits ? "#d1495b" : "#3d7ea6";
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Left + channel * step:F1}\" y=\"{y + BarHeight - height:F1}\" width=\"{Math.Max(step * 0.85, 0.4):F2}\" height=\"{height:F1}\" fill=\"{colour}\"><title>channel {channel}: {layer.Channels[channel].ReferenceMin:G3} to {layer.Channels[channel].ReferenceMax:G3}, {bits[channel]:F1} bits</title></rect>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"\n<text x=\"{Right + 12}\" y=\"{y + 20}\">{bits.Order().ElementAt(bits.Length / 2):F1}</text>\n");
    }

    private static double Bits(ErrorStatistics channel, float step) =>
        channel.Count == 0 ? 0 : Math.Clamp(Math.Log2(1 + (channel.ReferenceMax - channel.ReferenceMin) / step), 0, MostBits);
}
