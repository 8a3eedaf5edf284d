using System;
using System.Collections.Generic;
using System.Linq;

namespace Kernels.Bench.Report;

/// <summary>The tables that quick prints.</summary>
internal static class QuickTables
{
    /// <summary>Microseconds of everyone.</summary>
    /// <param name="results">The results.</param>
    /// <param name="peers">Columns of the peers.</param>
    public static Table Times(IReadOnlyList<QuickResult> results, IReadOnlyList<string> peers)
    {
        string[] timed = [QuickResult.Generated, QuickResult.FullRange, QuickResult.Generic, QuickResult.Float, .. peers];
        var table = new Table(3, ["shape", "dataflow", "weights", "generated", "full range", "generic", "float", .. peers.Select(Heading)]);
        foreach (QuickResult result in results)
        {
            string path = result.Path == result.FullRangePath ? result.Path : $"{result.Path}/{result.FullRangePath}";
            table.Add([result.Row.Name, result.Dataflow, path, .. timed.Select(name => Table.Number(result.TimeOf(name)))]);
        }

        return table;
    }

    /// <summary>Throughput, share of the peak, and how many times as long everyone else needs.</summary>
    /// <param name="results">The results.</param>
    /// <param name="peers">Columns of the peers.</param>
    public static Table Ratios(IReadOnlyList<QuickResult> results, IReadOnlyList<string> peers)
    {
        string[] others = [QuickResult.Generic, QuickResult.Float, .. peers];
        var table = new Table(1, ["shape", "GMAC/s", "peak", "share", "full range", "peak", "share", .. others.Select(name => "x " + Heading(name)), "x best_us"]);
        foreach (QuickResult result in results)
        {
            table.Add(
            [
                result.Row.Name,
                Table.Number(result.Gmacs),
                Table.Number(result.Peak),
                Table.Percent(result.Gmacs / result.Peak),
                Table.Number(result.FullRangeGmacs),
                Table.Number(result.FullRangePeak),
                Table.Percent(result.FullRangeGmacs / result.FullRangePeak),
                .. others.Select(name => Table.Number(result.RatioTo(name))),
                Table.Number(result.Row.BestMicroseconds / result.Microseconds[QuickResult.Generated]),
            ]);
        }

        return table;
    }

    /// <summary>Microseconds of the generated kernel and of a variant of it.</summary>
    /// <param name="results">The results.</param>
    /// <param name="usual">Heading of the generated kernel.</param>
    /// <param name="other">Heading of the variant.</param>
    /// <param name="column">The variant's column.</param>
    public static Table SpeedUps(IReadOnlyList<QuickResult> results, string usual, string other, string column)
    {
        var table = new Table(2, ["shape", usual, other, "speed-up"]);
        foreach (QuickResult result in results)
        {
            table.Add([result.Row.Name, Table.Number(result.TimeOf(QuickResult.Generated)), Table.Number(result.TimeOf(column)), Table.Number(result.SpeedUp(column))]);
        }

        return table;
    }

    // Names of columns are too long for a screen.
    private static string Heading(string name) => name
        .Replace("onnxruntime", "ort", StringComparison.Ordinal)
        .Replace("xnnpack", "xnn", StringComparison.Ordinal)
        .Replace('_', ' ');
}
