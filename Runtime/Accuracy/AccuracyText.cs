using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Kernels.Accuracy;

/// <summary>Reports as text.</summary>
internal static class AccuracyText
{
    /// <summary>The headings of the table.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["layer", "type", "as", "SQNR dB", "PSNR dB", "cosine", "saturated %", "worst channel", "phases differ by dB"];

    public static string Of(AccuracyReport report)
    {
        var rows = new List<IReadOnlyList<string>> { Columns };
        rows.AddRange(report.Layers.Select(Cells));
        var text = new StringBuilder(Table(rows, leftAligned: 3));
        foreach (LayerAccuracy layer in report.Layers.Where(static layer => layer.Phases.Count > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"\nphases of {layer.Name} (remainders of row and column by the stride): SQNR dB, mean error in {Unit(layer)}\n");
            text.Append(Phases(layer));
        }

        return text.ToString();
    }

    /// <summary>A layer's cells under the headings.</summary>
    public static IReadOnlyList<string> Cells(LayerAccuracy layer) =>
    [
        layer.Name,
        layer.Type,
        layer.IsQuantized ? "int8" : "float",
        Decibel(layer.Error.Sqnr),
        Decibel(layer.Error.Psnr),
        layer.Error.Cosine.ToString("F6", CultureInfo.InvariantCulture),
        layer.IsQuantized ? (100 * layer.Saturation).ToString("F3", CultureInfo.InvariantCulture) : "",
        layer.Channels.Count < 2 ? "" : string.Create(CultureInfo.InvariantCulture, $"{layer.WorstChannel} ({Decibel(layer.Channels[layer.WorstChannel].Sqnr)})"),
        layer.Phases.Count == 0 ? "" : Decibel(Spread(layer)),
    ];

    /// <summary>A number of dB with one decimal; <c>exact</c> for infinity.</summary>
    public static string Decibel(double value) =>
        double.IsPositiveInfinity(value) ? "exact" : double.IsFinite(value) ? value.ToString("F1", CultureInfo.InvariantCulture) : "none";

    /// <summary>The mean error of a phase in steps of the layer's scale, or in real units for a float layer.</summary>
    public static double MeanError(LayerAccuracy layer, PhaseAccuracy phase) => phase.Error.MeanError / (layer.Quantization?.Scale ?? 1f);

    /// <summary>The unit of <see cref="MeanError"/>.</summary>
    public static string Unit(LayerAccuracy layer) => layer.Quantization is null ? "real units" : "steps";

    /// <summary>A table whose columns are as wide as their widest cell.</summary>
    public static string Table(IReadOnlyList<IReadOnlyList<string>> rows, int leftAligned)
    {
        var widths = new int[rows[0].Count];
        foreach (IReadOnlyList<string> row in rows)
        {
            for (int i = 0; i < widths.Length; i++)
            {
                widths[i] = Math.Max(widths[i], row[i].Length);
            }
        }

        var text = new StringBuilder();
        foreach (IReadOnlyList<string> row in rows)
        {
            var line = new StringBuilder();
            for (int i = 0; i < widths.Length; i++)
            {
                line.Append(i == 0 ? "" : "  ").Append(i < leftAligned ? row[i].PadRight(widths[i]) : row[i].PadLeft(widths[i]));
            }

            text.Append(line.ToString().TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    private static double Spread(LayerAccuracy layer)
    {
        double[] finite = [.. layer.Phases.Select(static phase => phase.Error.Sqnr).Where(double.IsFinite)];
        return finite.Length == 0 ? 0 : finite.Max() - finite.Min();
    }

    private static string Phases(LayerAccuracy layer)
    {
        int columns = layer.Phases.Max(static phase => phase.Column) + 1;
        IReadOnlyList<IReadOnlyList<string>> rows =
        [
            .. layer.Phases
                .Select(phase => string.Create(CultureInfo.InvariantCulture, $"{Decibel(phase.Error.Sqnr)}, {MeanError(layer, phase):+0.000;-0.000;0.000}"))
                .Chunk(columns)
                .Select(static row => (IReadOnlyList<string>)["", .. row]),
        ];
        return Table(rows, leftAligned: 1);
    }
}
