using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using Kernels.Bench.Networks;
using Kernels.Bench.Report;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Bench.Commands;

/// <summary>
/// What a program that has just started waits for: loading a network, its first run and the next ones, each in a process of its own, on one thread,
/// against ONNX Runtime's float run of the same file.
/// </summary>
internal static class FirstRunCommand
{
    /// <summary>Options of the command; the last ones are those of its processes.</summary>
    public static readonly string[] KnownOptions = ["--only", Worker, "--folder", "--shape", "--output"];

    private const string Worker = "--worker";
    private const string Assembly = "network.dll";
    private const string Model = "network.safetensors";
    private const string File = "network.onnx";
    private const string Class = "Network";
    private const int Runs = 40;

    // Most are slow until the runtime has compiled what it runs once more, in the background.
    private const int Late = 10;

    /// <summary>Runs the command.</summary>
    /// <param name="options">Names of networks.</param>
    public static void Run(Options options)
    {
        if (options[Worker] is string contestant)
        {
            Measure(contestant, options["--folder"]!, Shape(options["--shape"]!), Shape(options["--output"]!));
            return;
        }

        var table = new Table(1, ["network", "load ms", "first ms", "second ms", "later ms", "ORT load ms", "first ms", "second ms", "later ms"]);
        foreach (BenchNetwork network in NetworksCommand.Chosen(options))
        {
            string folder = Directory.CreateTempSubdirectory("kernels-first-run").FullName;
            CompiledNetwork compiled = CompiledNetwork.Of(Class, network.File, network.Input);
            compiled.Float.Prepare(QConfig.FullRange);
            compiled.Float.Calibrate(NetworksCommand.Picture(compiled.Input, 1));
            compiled.Float.Convert().Save(Path.Combine(folder, Model));
            System.IO.File.WriteAllBytes(Path.Combine(folder, Assembly), compiled.Image);
            System.IO.File.WriteAllBytes(Path.Combine(folder, File), network.File);
            table.Add([network.Name, .. InProcess("int8", folder, compiled), .. InProcess("ort", folder, compiled)]);
            Directory.Delete(folder, recursive: true);
        }

        Console.WriteLine($"each in a process of its own, one thread; later: the median of runs {Runs - Late + 1} to {Runs}");
        Console.WriteLine(table);
    }

    private static IEnumerable<string> InProcess(string contestant, string folder, CompiledNetwork compiled) =>
        OwnProgram.Numbers(4, "first-run", Worker, contestant, "--folder", folder, "--shape", Text(compiled.Input), "--output", Text(compiled.Output)).Select(static number => Table.Number(number));

    private static void Measure(string contestant, string folder, Shape4 shape, Shape4 output)
    {
        FloatTensor input = NetworksCommand.Picture(shape, 1);
        var result = new FloatTensor(output);
        byte[] file = System.IO.File.ReadAllBytes(Path.Combine(folder, File));
        long start = Stopwatch.GetTimestamp();
        Action run = contestant == "int8" ? Int8(folder, input, result) : new NetworkPeer(file, input, output).Run;
        double load = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        double[] times = [.. Enumerable.Range(0, Runs).Select(_ =>
        {
            long begin = Stopwatch.GetTimestamp();
            run();
            return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        })];
        double later = times.TakeLast(Late).Order().ElementAt(Late / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{load} {times[0]} {times[1]} {later}"));
    }

    private static Action Int8(string folder, FloatTensor input, FloatTensor output)
    {
        // As an application has it: the class's Load, from an assembly on disk.
        Type type = System.Reflection.Assembly.LoadFrom(Path.Combine(folder, Assembly)).GetType($"Compiled.{Class}")!;
        MethodInfo load = type.GetMethod("Load", [typeof(string)])!;
        var model = (QuantizedModel)load.Invoke(null, [Path.Combine(folder, Model)])!;
        model.Reserve(input.Shape);
        return () => model.Run(input.Data, input.Shape.N, input.Shape.H, input.Shape.W, output.Data);
    }

    private static string Text(Shape4 shape) => string.Create(CultureInfo.InvariantCulture, $"{shape.N},{shape.C},{shape.H},{shape.W}");

    private static Shape4 Shape(string text)
    {
        int[] sizes = [.. text.Split(',').Select(static size => int.Parse(size, CultureInfo.InvariantCulture))];
        return new Shape4(sizes[0], sizes[1], sizes[2], sizes[3]);
    }
}
