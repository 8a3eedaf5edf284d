using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.Intrinsics.X86;
using Kernels.Bench.Peers;
using Kernels.Bench.Report;
using Kernels.Bench.Shapes;
using Kernels.Bench.Subjects;
using Kernels.Bench.Timing;
using Kernels.Generic;

namespace Kernels.Bench.Commands;

/// <summary>Measures all shapes in under two minutes: table, CSV and chart.</summary>
internal static class QuickCommand
{
    /// <summary>Options of the command.</summary>
    public static readonly string[] KnownOptions = ["--only", "--shapes", "--csv"];

    private static readonly TimeSpan WholeRun = TimeSpan.FromSeconds(95);
    private static readonly TimeSpan MostForAShape = TimeSpan.FromSeconds(4.5);
    private static readonly PeakPair[] Pairs = [PeakPair.Bytes, PeakPair.Words, PeakPair.Dot];

    /// <summary>Runs the command.</summary>
    /// <param name="options">Its options.</param>
    public static void Run(Options options)
    {
        var watch = Stopwatch.StartNew();
        IReadOnlyList<ShapeRow> rows = ShapeFile.Read(options["--shapes"], options.List("--only"));
        IReadOnlyList<CompiledLayer> layers = LayerCompiler.Compile([.. rows.Select(row => row.Spec)]);
        IReadOnlyList<IPeer> peers = AllPeers.Create();
        string[] peerNames = [.. peers.Select(peer => peer.Name)];
        var notes = new List<string>(peers.Where(peer => peer.Missing is not null).Select(peer => $"{peer.Name}: {peer.Missing}"));

        var results = new List<QuickResult>();
        for (int i = 0; i < rows.Count; i++)
        {
            Console.Error.WriteLine($"[{watch.Elapsed.TotalSeconds,4:F0} s] {rows[i].Name}");
            double share = (WholeRun - watch.Elapsed).TotalSeconds / (rows.Count - i);
            TimeSpan budget = TimeSpan.FromSeconds(Math.Clamp(share, 0.5, MostForAShape.TotalSeconds));
            results.Add(Measure(rows[i], layers[i], peers, budget, notes));
        }

        string csv = options["--csv"] ?? Path.Combine("artifacts", "bench-quick.csv");
        string chart = Path.ChangeExtension(csv, ".svg");
        QuickCsv.Write(csv, results, peerNames);
        Chart.Write(chart, results, peerNames);
        Print(results, peerNames, notes);
        Console.WriteLine($"{results.Count} shapes in {watch.Elapsed.TotalSeconds:F0} s. {csv}, {chart}");
    }

    private static QuickResult Measure(ShapeRow row, CompiledLayer layer, IReadOnlyList<IPeer> peers, TimeSpan budget, List<string> notes)
    {
        var watch = Stopwatch.StartNew();
        var contestants = new List<Contestant>();
        try
        {
            LayerData data = LayerData.Random(row, WeightRange.Bell);
            Int8Contestant generated = Prepare(QuickResult.Generated, layer, data, contestants);
            Int8Contestant fullRange = Prepare(QuickResult.FullRange, layer, LayerData.Random(row, WeightRange.Full), contestants);
            byte[] expected = generated.OutputCodes();
            Add(contestants, new Int8Contestant(QuickResult.Generic, Generic(data), data), expected, notes, row);
            Add(contestants, new FloatContestant(data), expected, notes, row);
            foreach (IPeer peer in peers.Where(peer => peer.Missing is null))
            {
                try
                {
                    Add(contestants, peer.Prepare(data), expected, notes, row);
                }
                catch (PeerException exception)
                {
                    notes.Add($"{row.Name}, {peer.Name}: {exception.Message}");
                }
            }

            PeakLoop[] loops = [.. Pairs.Where(PeakLoop.IsSupported).Select(pair => new PeakLoop(pair))];
            contestants.AddRange(loops);
            double[] times = Rounds.Measure(contestants, budget - watch.Elapsed);
            Dictionary<string, double> microseconds = contestants.Select((contestant, index) => (contestant.Name, times[index])).ToDictionary();

            PeakPair? pair = Pair(generated, layer);
            PeakPair? fullRangePair = Pair(fullRange, layer);
            return new QuickResult(row, layer.Dataflow, PathName(pair), PathName(fullRangePair), microseconds, Peak(pair), Peak(fullRangePair));

            double? Peak(PeakPair? used) =>
                loops.FirstOrDefault(loop => loop.Name == $"peak_{used}") is PeakLoop loop ? loop.Macs / microseconds[loop.Name] / 1000 : null;
        }
        finally
        {
            contestants.ForEach(contestant => contestant.Dispose());
        }
    }

    // A generated layer whose output is the generic kernel's, byte for byte.
    private static Int8Contestant Prepare(string name, CompiledLayer layer, LayerData data, List<Contestant> contestants)
    {
        var generated = new Int8Contestant(name, layer.Factory.Create(data.QuantizedWeight, data.RealBias, data.InputQuantization, data.OutputQuantization), data);
        using var generic = new Int8Contestant(QuickResult.Generic, Generic(data), data);
        generated.Run();
        generic.Run();
        if (!generated.OutputCodes().AsSpan().SequenceEqual(generic.OutputCodes()))
        {
            throw new BenchException($"{data.Row.Name}: the {name} kernel and the generic one do not give the same bytes ({Agreement.Of(generic.OutputCodes(), generated.OutputCodes())}).");
        }

        contestants.Add(generated);
        return generated;
    }

    private static GenericConvolution Generic(LayerData data) =>
        new(data.Row.Spec, data.QuantizedWeight, data.RealBias, data.InputQuantization, data.OutputQuantization);

    // Others round in other ways (the bias, the product of the scales): one step of difference is theirs to have.
    private static void Add(List<Contestant> contestants, Contestant contestant, byte[] expected, List<string> notes, ShapeRow row)
    {
        contestant.Run();
        Agreement agreement = Agreement.Of(expected, contestant.OutputCodes());
        if (agreement.Off > 0)
        {
            notes.Add($"{row.Name}, {contestant.Name}: {agreement.Off} of {agreement.Count} outputs differ by more than one step, by {agreement.Largest} at most{(agreement.IsSameLayer ? string.Empty : "; not timed")}.");
        }

        if (agreement.IsSameLayer)
        {
            contestants.Add(contestant);
        }
        else
        {
            contestant.Dispose();
        }
    }

    private static PeakPair? Pair(Int8Contestant generated, CompiledLayer layer) => generated.UsesBytes switch
    {
        true when AvxVnni.IsSupported && layer.Source.Contains("AvxVnni", StringComparison.Ordinal) => PeakPair.Dot,
        true => PeakPair.Bytes,
        false => PeakPair.Words,
        null => null,
    };

    private static string PathName(PeakPair? pair) => pair switch
    {
        PeakPair.Dot => "vpdpbusd",
        PeakPair.Bytes => "vpmaddubsw",
        PeakPair.Words => "vpmaddwd",
        _ => "?",
    };

    private static void Print(IReadOnlyList<QuickResult> results, IReadOnlyList<string> peers, IReadOnlyList<string> notes)
    {
        Console.WriteLine("Microseconds, medians of interleaved rounds, one thread");
        Console.WriteLine(QuickTables.Times(results, peers));
        Console.WriteLine("GMAC/s with bell-shaped weights and with weights over the whole int8 range, each with the peak of its instructions;");
        Console.WriteLine("x: how many times as long the others need. best_us comes from another machine: only the measured columns are a fair comparison");
        Console.WriteLine(QuickTables.Ratios(results, peers));
        foreach (string note in notes)
        {
            Console.WriteLine("Note  " + note);
        }
    }
}
