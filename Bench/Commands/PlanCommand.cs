using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Bench.Shapes;
using Kernels.Generators.Emission;
using Kernels.Generators.Planning;
using Kernels.Tool.Explaining;

namespace Kernels.Bench.Commands;

/// <summary>Prints what the planner makes of shapes.</summary>
internal static class PlanCommand
{
    /// <summary>Options of the command.</summary>
    public static readonly string[] KnownOptions = ["--shapes"];

    /// <summary>Runs the command.</summary>
    /// <param name="options">Names of shapes, and the list that has them.</param>
    public static void Run(Options options)
    {
        IReadOnlyList<ShapeRow> rows = ShapeFile.Read(options["--shapes"], options.Names);
        if (options.Names.Count == 0)
        {
            throw new BenchException("plan needs the name of a shape: " + string.Join(", ", rows.Select(row => row.Name)) + ".");
        }

        foreach (ShapeRow row in rows)
        {
            Console.WriteLine(row.Name);
            foreach (string line in RemarksEmitter.Lines(Planner.Plan(LayerSpecs.Of(row.Spec))))
            {
                Console.WriteLine(line.Length == 0 ? line : "  " + line);
            }

            Console.WriteLine();
        }
    }
}
