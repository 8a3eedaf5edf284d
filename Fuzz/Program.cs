using System;
using System.Collections.Generic;
using System.Diagnostics;
using Kernels.Fuzz.Files;
using Kernels.Fuzz.Layers;
using Kernels.Fuzz.Sources;

namespace Kernels.Fuzz;

/// <summary>
/// Tries to break readers, kernels and the generator with seeded chance: <c>dotnet run -c Release --project Fuzz -- [--files N] [--specs N]
/// [--attributes N] [--sources N] [--seed S] [--minutes M]</c>. What failed once lies in Fuzz/Corpus and is tried first, always.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case [FileWorker.Command, .. string[] rest]:
                return FileWorker.Run(rest);
            case [SpecWorker.Command, .. string[] rest]:
                return SpecWorker.Run(rest);
        }

        var options = Options.Parse(arguments);
        Console.WriteLine($"seed {options.Seed}: repeat this run with --seed {options.Seed}");
        var clock = Stopwatch.StartNew();
        var failures = new List<string>();
        failures.AddRange(FileFuzz.RunCorpus());
        failures.AddRange(SourceFuzz.RunCorpus());
        failures.AddRange(FileFuzz.Run(options));
        failures.AddRange(SpecFuzz.Run(options));
        failures.AddRange(AttributeFuzz.Run(options));
        failures.AddRange(SourceFuzz.Run(options));
        foreach (string failure in failures)
        {
            Console.WriteLine("FAILED " + failure);
        }

        Console.WriteLine($"{failures.Count} failures in {clock.Elapsed.TotalSeconds:F0} s");
        return failures.Count == 0 ? 0 : 1;
    }
}
