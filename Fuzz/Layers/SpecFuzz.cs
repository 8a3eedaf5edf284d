using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Kernels.Fuzz.Sources;

namespace Kernels.Fuzz.Layers;

/// <summary>Random layers, generated and compiled here, run in a process for each instruction tier, against the int64 reference.</summary>
internal static class SpecFuzz
{
    public const string Failure = "failure ";

    public const string Codes = "codes ";

    /// <summary>Environment variable that switches machine code off when it is 0.</summary>
    public const string NoMachineCode = "KERNELS_MachineCode";

    private const int Portion = 20;

    // Each leaves the next lower tier, down to scalar code; on a CPU without AVX-VNNI two of them run twice.
    private static readonly string[] Switches = ["KERNELS_Nothing", NoMachineCode, $"{NoMachineCode}+DOTNET_EnableAVXVNNI", "DOTNET_EnableAVX512", "DOTNET_EnableAVX512+DOTNET_EnableAVXVNNI", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic"];

    /// <summary>Runs layers.</summary>
    public static IEnumerable<string> Run(Options options)
    {
        var clock = Stopwatch.StartNew();
        string path = Path.Combine(Path.GetTempPath(), $"kernels-fuzz-{Environment.ProcessId}.dll");
        int done = 0;
        long codes = 0;
        while (done < options.Specs && options.HasTime(clock, 0.3))
        {
            int count = Math.Min(Portion, options.Specs - done);
            SpecCase[] cases = [.. Enumerable.Range(done, count).Select(index => new SpecCase(options.Seed, index))];
            GeneratedSources sources = GeneratedSources.Of(Source.Of([.. cases.Select(static item => item.Numbers.Attribute)]));
            if (sources.Problem(count) is string problem || (problem = sources.Save(path)!) is not null)
            {
                yield return $"specs {done} to {done + count} of seed {options.Seed}: {problem}";
                done += count;
                continue;
            }

            foreach (string name in Switches)
            {
                (string output, int code) = Worker.Run([.. name.Split('+').Select(static each => (each, "0"))], TimeSpan.FromMinutes(10), null, SpecWorker.Command, path, Text(options.Seed), Text(done), Text(count));
                foreach (string line in output.Split('\n').Where(static line => line.StartsWith(Failure, StringComparison.Ordinal)))
                {
                    yield return $"{name}=0: {line}";
                }

                string? compared = output.Split('\n').FirstOrDefault(static line => line.StartsWith(Codes, StringComparison.Ordinal));
                codes += compared is null ? 0 : long.Parse(compared.AsSpan(Codes.Length), NumberStyles.None, CultureInfo.InvariantCulture);
                if (code != 0 || compared is null)
                {
                    yield return $"specs {done} to {done + count} of seed {options.Seed}, {name}=0: the process ended with {code}: {output}";
                }
            }

            done += count;
        }

        File.Delete(path);
        Console.WriteLine($"specs: {done} on {Switches.Length} tiers, {codes} codes compared");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
