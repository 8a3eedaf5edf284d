using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kernels.Bench.Report;
using Kernels.Bench.Shapes;
using Kernels.Bench.Subjects;
using Kernels.Layers;

namespace Kernels.Bench.Commands;

/// <summary>
/// What layers cost their user's compiler: text, and processor time of a compilation in a process of its own, which is a compiler's first, as
/// <c>dotnet build</c> starts one. One without layers is shown beside them.
/// </summary>
internal static class CompileCommand
{
    /// <summary>Options of the command.</summary>
    public static readonly string[] KnownOptions = ["--shapes", "--layers", Worker];

    private const string Worker = "--worker";

    private static readonly string[] Lists = ["peers.csv", "conv2d.csv", "mobile.csv"];

    /// <summary>Runs the command.</summary>
    /// <param name="options">The list of shapes, and how many layers at most.</param>
    public static void Run(Options options)
    {
        ConvolutionSpec[] specs = [.. Specs(options).Take(options.Number("--layers", 1) ?? 100)];
        if (options.Number(Worker, 0) is int count)
        {
            Compile(specs.AsSpan(0, count));
            return;
        }

        var table = new Table(0, ["layers", "text KB", "a layer", "largest", "processor s", "a layer ms"]);
        double empty = 0;
        foreach (int layers in (int[])[0, specs.Length / 4, specs.Length])
        {
            Measurement measured = InProcess(options, specs.Length, layers);
            empty = layers == 0 ? measured.Seconds : empty;
            table.Add([
                layers.ToString(CultureInfo.InvariantCulture),
                Table.Number(measured.Characters / 1e3),
                Table.Number(layers == 0 ? null : measured.Characters / 1e3 / layers),
                Table.Number(layers == 0 ? null : measured.Largest / 1e3),
                Table.Number(measured.Seconds),
                Table.Number(layers == 0 ? null : (measured.Seconds - empty) * 1e3 / layers)]);
        }

        Console.Write(table);
    }

    // Each kernel once: equal layers share one.
    private static IEnumerable<ConvolutionSpec> Specs(Options options) =>
        (options["--shapes"] is string shapes ? [shapes] : Lists).SelectMany(static list => ShapeFile.Read(list, [])).Select(static row => row.Spec).Distinct();

    private static void Compile(ReadOnlySpan<ConvolutionSpec> specs)
    {
        IReadOnlyList<CompiledLayer> layers = LayerCompiler.Compile(specs.ToArray(), out IReadOnlyList<string> sources);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{layers.Count} {sources.Sum(static source => (long)source.Length)} {sources.Select(static source => source.Length).DefaultIfEmpty().Max()} {Environment.CpuUsage.TotalTime.TotalSeconds}"));
    }

    private static Measurement InProcess(Options options, int most, int layers)
    {
        List<string> arguments = ["compile", Worker, layers.ToString(CultureInfo.InvariantCulture), "--layers", most.ToString(CultureInfo.InvariantCulture)];
        arguments.AddRange(options["--shapes"] is string shapes ? ["--shapes", shapes] : []);
        double[] numbers = OwnProgram.Numbers(4, [.. arguments]);
        return new Measurement(numbers[1], numbers[2], numbers[3]);
    }

    private readonly record struct Measurement(double Characters, double Largest, double Seconds);
}
