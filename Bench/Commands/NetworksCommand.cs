using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Kernels.Accuracy;
using Kernels.Bench.Networks;
using Kernels.Bench.Report;
using Kernels.Bench.Subjects;
using Kernels.Bench.Timing;
using Kernels.Models;
using Kernels.Onnx;
using Kernels.Quantization;
using Kernels.Tool.Explaining;

namespace Kernels.Bench.Commands;

/// <summary>Whole networks on one thread: an ONNX file imported as source, its generated int8 form against ONNX Runtime's float run of the same file.</summary>
internal static class NetworksCommand
{
    /// <summary>Options of the command.</summary>
    public static readonly string[] KnownOptions = ["--only", "--onnx", "--size", "--steps!", "--qdq!", "--explain", LimitedProcess.Option];

    // Float sums in another order.
    private const double MostDifference = 1e-3;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(15);

    /// <summary>Runs the command.</summary>
    /// <param name="options">Its options.</param>
    public static void Run(Options options)
    {
        bool hasQdq = options.Has("--qdq");
        var table = new Table(1, ["network", "input", "int8 ms", "one scale ms", "ORT float ms", "x faster", .. hasQdq ? ["ORT QDQ ms", "x faster"] : (string[])[], "arena", "compile s"]);
        foreach (BenchNetwork network in Chosen(options))
        {
            Measure(network, table, options.Has("--steps"), hasQdq, options["--explain"]);
        }

        Console.WriteLine(LimitedProcess.Isa is string isa ? $"limited to {isa}; ONNX Runtime is not" : "one thread, medians of interleaved turns");
        Console.WriteLine(table);
    }

    /// <summary>The networks that options name.</summary>
    /// <param name="options">The options.</param>
    public static IEnumerable<BenchNetwork> Chosen(Options options)
    {
        if (options["--onnx"] is string path)
        {
            return [BenchNetwork.Of(path, options["--size"])];
        }

        string[] only = options.List("--only");
        string[] unknown = [.. only.Except(BenchNetwork.All.Select(static network => network.Name))];
        return unknown.Length == 0
            ? BenchNetwork.All.Where(network => only.Length == 0 || only.Contains(network.Name)).Select(static network => network.Make())
            : throw new BenchException($"There is no network {unknown[0]}: {string.Join(", ", BenchNetwork.All.Select(static network => network.Name))}.");
    }

    private static void Measure(BenchNetwork network, Table table, bool hasSteps, bool hasQdq, string? page)
    {
        long start = Stopwatch.GetTimestamp();
        CompiledNetwork compiled = CompiledNetwork.Of("Network" + table.Count, network.File, network.Input);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        FloatTensor input = Picture(compiled.Input, 1);
        FloatTensor[] calibration = [input, Picture(compiled.Input, 2), Picture(compiled.Input, 3)];
        FloatModel plain = compiled.Float;
        plain.Prepare(QConfig.FullRange);
        plain.Calibrate(calibration);
        QuantizedModel oneScale = plain.Convert();
        QuantizedModel int8 = plain.Quantize(calibration);
        FloatTensor expected = plain.Forward(input);
        using var peer = new NetworkPeer(network.File, input, compiled.Output);
        peer.Run();
        var error = new ErrorStatistics();
        error.Add(expected.Data, peer.Output.Data);
        if (error.MaxError > MostDifference * Math.Max(1, expected.Data.ToArray().Max(Math.Abs)))
        {
            throw new BenchException($"{network.Name}: float and ONNX Runtime do not compute the same, {error.MaxError:G3} apart.");
        }

        using NetworkPeer? quantized = hasQdq ? Quantized(network, calibration, compiled.Output) : null;
        var output = new FloatTensor(compiled.Output);
        Contestant[] contestants =
        [
            new NetworkContestant("int8", true, () => int8.Run(input.Data, input.Shape.N, input.Shape.H, input.Shape.W, output.Data)),
            new NetworkContestant("one scale", true, () => oneScale.Run(input.Data, input.Shape.N, input.Shape.H, input.Shape.W, output.Data)),
            new NetworkContestant("ORT float", false, peer.Run),
            .. quantized is null ? [] : (Contestant[])[new NetworkContestant("ORT QDQ", false, quantized.Run)],
        ];
        Array.ForEach(contestants, contestant => contestant.Run());
        double[] times = Rounds.Measure(contestants, Budget);
        (long arena, long sum) = int8.MemoryOf(compiled.Input);
        table.Add(
        [
            network.Name,
            $"{compiled.Input.H}x{compiled.Input.W}",
            Table.Number(times[0] / 1000),
            Table.Number(times[1] / 1000),
            Table.Number(times[2] / 1000),
            Table.Number(times[2] / times[0]),
            .. hasQdq ? [Table.Number(times[3] / 1000), Table.Number(times[3] / times[0])] : (string[])[],
            Table.Percent((double)arena / sum),
            Table.Number(seconds),
        ]);
        if (hasSteps)
        {
            PrintSteps(network.Name, int8, input);
        }

        if (page is not null)
        {
            Explain(page, network.Name, compiled, int8, input);
        }
    }

    // Every step rounded to codes, as ONNX Runtime's own quantizer leaves it: floats between two int8 layers would keep it from running the first in int8.
    private static NetworkPeer Quantized(BenchNetwork network, FloatTensor[] calibration, Shape4 output)
    {
        FloatModel model = OnnxModel.Load(network.File, new OnnxLoadOptions { InputShape = network.Input }).Float.Fuse();
        model.Prepare(QConfig.FullRange);
        model.Calibrate(calibration);
        QuantizedModel converted = model.Convert();
        Shape4 shape = calibration[0].Shape;
        var peer = new NetworkPeer(OnnxExport.ToArray(converted, new OnnxExportOptions { InputShape = [shape.N, shape.C, shape.H, shape.W] }), calibration[0], output);
        peer.Run();
        var error = new ErrorStatistics();
        error.Add(converted.Forward(calibration[0]).Data, peer.Output.Data);
        bool isConstant = peer.Output.Data.ToArray().Distinct().Count() == 1;
        string agreement = isConstant ? "one number everywhere, so this picture shows nothing" : $"{error.Sqnr:F1} dB SQNR";
        Console.WriteLine($"{network.Name}: ONNX Runtime on the exported file against this library's int8, every step rounded: {agreement}");
        return peer;
    }

    private static void PrintSteps(string name, QuantizedModel model, FloatTensor input)
    {
        IReadOnlyList<StepTime> steps = model.Profile(input);
        double all = steps.Sum(static step => step.Time.TotalMicroseconds);
        var table = new Table(2, [name, "type", "us", "share"]);
        foreach (StepTime step in steps)
        {
            Add(step.Name, step.Type, step.Time.TotalMicroseconds);
        }

        foreach (IGrouping<string, StepTime> type in steps.GroupBy(static step => step.Type).OrderByDescending(Sum))
        {
            Add("all", type.Key, Sum(type));
        }

        Console.WriteLine(table);

        static double Sum(IEnumerable<StepTime> steps) => steps.Sum(static step => step.Time.TotalMicroseconds);
        void Add(string step, string type, double microseconds) => table.Add([step, type, Table.Number(microseconds), Table.Percent(microseconds / all)]);
    }

    // The page of `kernels explain`, with times of this machine.
    private static void Explain(string page, string name, CompiledNetwork compiled, QuantizedModel model, FloatTensor input)
    {
        ILookup<string, TimeSpan> times = model.Profile(input).ToLookup(static step => step.Name, static step => step.Time);
        ExplainedLayer[] layers =
        [
            .. ExplainedLayer.Of(Kernels.Onnx.Lowering.FusedLayer.Of(compiled.Float, compiled.Input)).Select(layer => layer with { Measured = times[layer.Name].Select(static time => (TimeSpan?)time).FirstOrDefault() }),
        ];
        File.WriteAllText(page, ExplainPage.Of(name, layers, Tier(model)));
        Console.WriteLine(page);
    }

    // The tier that most of its layers run on.
    private static string Tier(QuantizedModel model) => model.Layers
        .Select(static layer => layer.Kernel is { } kernel ? Int8Contestant.InfoOf(kernel)?.Tier : null)
        .OfType<string>()
        .GroupBy(static tier => tier)
        .MaxBy(static tier => tier.Count())?.Key ?? "generic kernels";

    /// <summary>Something that looks like a picture.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="seed">Which one.</param>
    public static FloatTensor Picture(Shape4 shape, int seed)
    {
        var random = new Random(seed);
        var picture = new FloatTensor(shape);
        for (int i = 0; i < picture.Data.Length; i++)
        {
            (int pixel, int channel) = Math.DivRem(i, shape.C);
            (int y, int x) = Math.DivRem(pixel % (shape.H * shape.W), shape.W);
            double soft = 0.5 + 0.3 * Math.Sin(x * 0.05 * seed + y * 0.02) * Math.Cos(y * 0.07);
            double edge = (x / 23 + y / 31) % 2 == 0 ? 0.15 : -0.15;
            picture.Data[i] = (float)Math.Clamp(soft + edge * (channel + 1) / shape.C + (random.NextDouble() - 0.5) * 0.05, 0, 1);
        }

        return picture;
    }
}
