using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Bench.Report;
using Kernels.Bench.Shapes;
using Kernels.Bench.Subjects;
using Kernels.Bench.Timing;
using Kernels.Generators.Emission;
using Kernels.Generators.Planning;
using Kernels.Models;
using Kernels.Tool.Explaining;

namespace Kernels.Bench.Commands;

/// <summary>
/// What the planner's choice costs: random layers are compiled in every dataflow that fits them and timed in the same rounds. A regret is the time of the
/// chosen one over that of the fastest, less one.
/// </summary>
internal static class RegretsCommand
{
    /// <summary>Options of the command.</summary>
    public static readonly string[] KnownOptions = ["--layers", "--seed", LimitedProcess.Option];

    // Below this a difference means nothing.
    private const double Indifferent = 0.1;

    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(700);

    /// <summary>Runs the command.</summary>
    /// <param name="options">How many layers, and which.</param>
    public static void Run(Options options)
    {
        ShapeRow[] rows = new RandomShapes(options.Number("--seed", 0) ?? 1).Draw(options.Number("--layers", 1) ?? 200);
        List<(string Dataflow, LayerFactory Factory)>[] candidates = Compile(rows);
        var table = new Table(2, ["layer", "chosen", "size", "chosen us", "best us", "best", "regret"]);
        var regrets = new List<double>();
        for (int i = 0; i < rows.Length; i++)
        {
            double[] times = Measure(rows[i], candidates[i]);
            string choice = Planner.NameOf(Planner.Plan(LayerSpecs.Of(rows[i].Spec)).Dataflow);
            int chosen = candidates[i].FindIndex(candidate => candidate.Dataflow == choice);
            int best = Array.IndexOf(times, times.Min());
            double regret = times[chosen] / times[best] - 1;
            regrets.Add(regret);
            if (regret > Indifferent)
            {
                table.Add([rows[i].Name, candidates[i][chosen].Dataflow, $"{rows[i].Height}", Table.Number(times[chosen]), Table.Number(times[best]), candidates[i][best].Dataflow, Table.Percent(regret)]);
            }
        }

        Console.WriteLine(table);
        Console.WriteLine(FormattableString.Invariant(
            $"{rows.Length} layers{(LimitedProcess.Isa is string isa ? ", limited to " + isa : "")}: the choice is within {Indifferent:0 %} of the best for {regrets.Count(static regret => regret <= Indifferent)}, at most {regrets.Max():0 %} behind, {regrets.Average():0.0 %} on average"));
    }

    // One assembly for the first dataflow of every layer, one for the second and so on.
    private static List<(string, LayerFactory)>[] Compile(ShapeRow[] rows)
    {
        IReadOnlyList<KernelPlan>[] plans = Array.ConvertAll(rows, static row => Planner.All(LayerSpecs.Of(row.Spec)));
        var candidates = Array.ConvertAll(rows, static _ => new List<(string, LayerFactory)>());
        for (int place = 0; place < plans.Max(static each => each.Count); place++)
        {
            int[] having = [.. Enumerable.Range(0, rows.Length).Where(i => plans[i].Count > place)];
            IReadOnlyList<LayerFactory> factories = LayerCompiler.CompileKernels(
                [.. having.Select(i => rows[i].Spec)], having.Select(i => KernelEmitter.TextOf(plans[i][place])));
            for (int k = 0; k < having.Length; k++)
            {
                candidates[having[k]].Add((Planner.NameOf(plans[having[k]][place].Dataflow), factories[k]));
            }
        }

        return candidates;
    }

    private static double[] Measure(ShapeRow row, List<(string Dataflow, LayerFactory Factory)> candidates)
    {
        LayerData data = LayerData.Random(row, WeightRange.Bell);
        Int8Contestant[] contestants =
        [
            .. candidates.Select(candidate => new Int8Contestant(
                candidate.Dataflow, candidate.Factory.Create(data.QuantizedWeight, data.RealBias, data.InputQuantization, data.OutputQuantization), data)),
        ];
        foreach (Int8Contestant contestant in contestants)
        {
            contestant.Run();
            if (!contestant.OutputCodes().AsSpan().SequenceEqual(contestants[0].OutputCodes()))
            {
                throw new BenchException($"{row.Name}: {contestant.Name} and {contestants[0].Name} do not compute the same.");
            }
        }

        return Rounds.Measure(contestants, Budget);
    }
}
