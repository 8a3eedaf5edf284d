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
/// What layers cost their user's compiler: text, and processor time of the SDK's own compiler in a process of its own, as <c>dotnet build</c> starts one. A compilation
/// without layers is shown beside them.
/// </summary>
internal static class CompileCommand
{
    /// <summary>Options of the command.</summary>
    public static readonly string[] KnownOptions = ["--shapes", "--layers"];

    private static readonly string[] Lists = ["peers.csv", "conv2d.csv", "mobile.csv"];

    /// <summary>Runs the command.</summary>
    /// <param name="options">The list of shapes, and how many layers at most.</param>
    public static void Run(Options options)
    {
        ConvolutionSpec[] specs = [.. Specs(options).Take(options.Number("--layers", 1) ?? 100)];
        var table = new Table(0, ["layers", "text KB", "a layer", "largest", "processor s", "a layer ms", "of them generator s"]);
        double empty = 0;
        foreach (int layers in (int[])[0, specs.Length / 4, specs.Length])
        {
            SdkCompilation measured = SdkCompilation.Of(specs.AsSpan(0, layers));
            empty = layers == 0 ? measured.Seconds : empty;
            table.Add([
                layers.ToString(CultureInfo.InvariantCulture),
                Table.Number(measured.Characters / 1e3),
                Table.Number(layers == 0 ? null : measured.Characters / 1e3 / layers),
                Table.Number(layers == 0 ? null : measured.Largest / 1e3),
                Table.Number(measured.Seconds),
                Table.Number(layers == 0 ? null : (measured.Seconds - empty) * 1e3 / layers),
                Table.Number(measured.GeneratorSeconds)]);
        }

        Console.Write(table);
    }

    // Each kernel once: equal layers share one.
    private static IEnumerable<ConvolutionSpec> Specs(Options options) =>
        (options["--shapes"] is string shapes ? [shapes] : Lists).SelectMany(static list => ShapeFile.Read(list, [])).Select(static row => row.Spec).Distinct();
}
