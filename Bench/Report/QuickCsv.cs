using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Kernels.Bench.Report;

/// <summary>The results as comma-separated values; what did not run is left empty.</summary>
internal static class QuickCsv
{
    /// <summary>Writes the file and the folders on the way.</summary>
    /// <param name="path">The file.</param>
    /// <param name="results">The results.</param>
    /// <param name="peers">Columns of the peers.</param>
    public static void Write(string path, IReadOnlyList<QuickResult> results, IReadOnlyList<string> peers)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        string[] header =
        [
            "shape", "generated_us", "generic_us", "float_us", "gmacs", "peak_gmacs",
            .. peers.Select(peer => peer + "_us"),
            "generated_full_range_us", "full_range_gmacs", "full_range_peak_gmacs", "best_us", "mmac", "dataflow", "weights", "full_range_weights", "generated_threads_us", "generated_known_size_us",
        ];
        writer.WriteLine(string.Join(',', header));
        foreach (QuickResult result in results)
        {
            string[] fields =
            [
                result.Row.Name,
                Number(result.TimeOf(QuickResult.Generated)),
                Number(result.TimeOf(QuickResult.Generic)),
                Number(result.TimeOf(QuickResult.Float)),
                Number(result.Gmacs),
                Number(result.Peak),
                .. peers.Select(peer => Number(result.TimeOf(peer))),
                Number(result.TimeOf(QuickResult.FullRange)),
                Number(result.FullRangeGmacs),
                Number(result.FullRangePeak),
                Number(result.Row.BestMicroseconds),
                Number(result.Row.Macs / 1e6),
                result.Dataflow,
                result.Path,
                result.FullRangePath,
                Number(result.TimeOf(QuickResult.Threaded)),
                Number(result.TimeOf(QuickResult.KnownSize)),
            ];
            writer.WriteLine(string.Join(',', fields));
        }
    }

    private static string Number(double? value) => value?.ToString("0.###", CultureInfo.InvariantCulture) ?? string.Empty;
}
