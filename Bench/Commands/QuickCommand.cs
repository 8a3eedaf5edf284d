using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Kernels.Bench.Peers;
using Kernels.Bench.Report;
using Kernels.Bench.Shapes;
using Kernels.Bench.Subjects;
using Kernels.Bench.Timing;

namespace Kernels.Bench.Commands;

/// <summary>Measures all shapes in under two minutes: table, CSV and chart.</summary>
internal static class QuickCommand
{
    /// <summary>Options of the command.</summary>
    public static readonly string[] KnownOptions = ["--only", "--shapes", "--csv", "--threads", LimitedProcess.Option, "--known-size!"];

    private static readonly TimeSpan WholeRun = TimeSpan.FromSeconds(95);
    private static readonly TimeSpan MostForAShape = TimeSpan.FromSeconds(4.5);

    /// <summary>Runs the command.</summary>
    /// <param name="options">Its options.</param>
    public static void Run(Options options)
    {
        var watch = Stopwatch.StartNew();
        int threads = options.Number("--threads", atLeast: 1) ?? 1;
        IReadOnlyList<ShapeRow> rows = ShapeFile.Read(options["--shapes"], options.List("--only"));
        IReadOnlyList<CompiledLayer> layers = LayerCompiler.Compile([.. rows.Select(row => row.Spec)]);
        IReadOnlyList<CompiledLayer>? sized = options.Has("--known-size") ? LayerCompiler.Compile([.. rows.Select(row => row.Spec with { InputHeight = row.Height, InputWidth = row.Width })]) : null;
        IReadOnlyList<IPeer> peers = AllPeers.Create();
        string[] peerNames = [.. peers.Select(peer => peer.Name)];
        var notes = new List<Note>(peers.Where(peer => peer.Missing is not null).Select(peer => new Note(peer.Name, peer.Missing!)));

        var results = new List<QuickResult>();
        for (int i = 0; i < rows.Count; i++)
        {
            Console.Error.WriteLine($"[{watch.Elapsed.TotalSeconds,4:F0} s] {rows[i].Name}");
            double share = (WholeRun - watch.Elapsed).TotalSeconds / (rows.Count - i);
            TimeSpan budget = TimeSpan.FromSeconds(Math.Clamp(share, 0.5, MostForAShape.TotalSeconds));
            results.Add(Measure(rows[i], layers[i], sized?[i], peers, threads, budget, notes));
        }

        string csv = options["--csv"] ?? Path.Combine("artifacts", "bench-quick.csv");
        string chart = Path.ChangeExtension(csv, ".svg");
        QuickCsv.Write(csv, results, peerNames);
        Chart.Write(chart, results, peerNames);
        Print(results, peerNames, notes);
        if (threads > 1)
        {
            Console.WriteLine($"The generated kernel on at most {threads} threads, in the same rounds");
            Console.WriteLine(QuickTables.SpeedUps(results, "1 thread", $"{threads} threads", QuickResult.Threaded));
        }

        if (sized is not null)
        {
            Console.WriteLine("The kernel generated for any input size and for this one alone");
            Console.WriteLine(QuickTables.SpeedUps(results, "any size", "this size", QuickResult.KnownSize));
        }

        Console.WriteLine($"{results.Count} shapes in {watch.Elapsed.TotalSeconds:F0} s. {csv}, {chart}");
    }

    private static QuickResult Measure(ShapeRow row, CompiledLayer layer, CompiledLayer? sized, IReadOnlyList<IPeer> peers, int threads, TimeSpan budget, List<Note> notes)
    {
        var watch = Stopwatch.StartNew();
        using var lineup = new Lineup(row, layer, sized, peers);
        notes.AddRange(lineup.Notes);
        PeakLoop[] loops = Instructions.Loops();
        Contestant[] threaded = threads > 1 ? [new ThreadedContestant(lineup.Generated, threads)] : [];
        Contestant[] timed = [.. lineup.Contestants, .. threaded, .. loops];
        double[] times = Rounds.Measure(timed, budget - watch.Elapsed);
        Dictionary<string, double> microseconds = timed.Select((contestant, index) => (contestant.Name, times[index])).ToDictionary();
        PeakPair? pair = Instructions.Of(lineup.Generated);
        PeakPair? fullRangePair = Instructions.Of(lineup.FullRange);
        return new QuickResult(
            row,
            layer.Dataflow,
            Instructions.Name(pair),
            Instructions.Name(fullRangePair),
            microseconds,
            Instructions.Peak(pair, loops, microseconds),
            Instructions.Peak(fullRangePair, loops, microseconds));
    }

    private static void Print(IReadOnlyList<QuickResult> results, IReadOnlyList<string> peers, IReadOnlyList<Note> notes)
    {
        string isa = LimitedProcess.Isa is string limit ? $"; this library and oneDNN limited to {limit.ToUpperInvariant()}, XNNPACK, ONNX Runtime and OpenCV cannot be" : string.Empty;
        Console.WriteLine($"Microseconds, medians of interleaved rounds, one thread{isa}");
        Console.WriteLine(QuickTables.Times(results, peers));
        Console.WriteLine("GMAC/s with bell-shaped weights and with weights over the whole int8 range, each with the peak of its instructions;");
        Console.WriteLine("x: how many times as long the others need. best_us comes from another machine: only the measured columns are a fair comparison");
        Console.WriteLine(QuickTables.Ratios(results, peers));
        foreach (string line in Note.Lines(notes))
        {
            Console.WriteLine(line);
        }
    }
}
