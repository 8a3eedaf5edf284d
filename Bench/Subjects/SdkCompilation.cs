using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Kernels.Bench.Timing;
using Kernels.Generators;
using Kernels.Layers;

namespace Kernels.Bench.Subjects;

/// <summary>Layers compiled by the SDK's compiler in a process of its own: not this program's Roslyn, which the runtime compiles while it works.</summary>
/// <param name="Characters">Letters of the generated files.</param>
/// <param name="Largest">Those of the largest one.</param>
/// <param name="Seconds">Processor time of the process.</param>
/// <param name="GeneratorSeconds">Time of the generator, by the compiler's own report.</param>
internal sealed partial record SdkCompilation(long Characters, long Largest, double Seconds, double GeneratorSeconds)
{
    /// <summary>Compiles layers.</summary>
    /// <param name="specs">The layers.</param>
    /// <exception cref="BenchException">There is no compiler, or the layers do not compile.</exception>
    public static SdkCompilation Of(ReadOnlySpan<ConvolutionSpec> specs)
    {
        string folder = Directory.CreateTempSubdirectory("kernels-compile-").FullName;
        try
        {
            for (int i = 0; i < specs.Length; i++)
            {
                File.WriteAllText(Path.Combine(folder, $"Layer{i}.cs"), LayerSource.Write("Layer" + i, specs[i]));
            }

            File.WriteAllText(Path.Combine(folder, "Other.cs"), "public class Other;");
            string generated = Directory.CreateDirectory(Path.Combine(folder, "generated")).FullName;
            File.WriteAllLines(Path.Combine(folder, "all.rsp"), Arguments(folder, generated));
            (string output, double seconds) = Run(Compiler(), "@" + Path.Combine(folder, "all.rsp"));
            long[] lengths = [.. Directory.EnumerateFiles(generated, "*.cs", SearchOption.AllDirectories).Select(static file => new FileInfo(file).Length)];
            return new SdkCompilation(lengths.Sum(), lengths.DefaultIfEmpty().Max(), seconds, GeneratorTime(output));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> Arguments(string folder, string generated)
    {
        string own = AppContext.BaseDirectory;
        return
        [
            "-noconfig", "-nologo", "-target:library", "-unsafe", "-optimize", "-nullable:enable", "-langversion:latest", "-reportanalyzer",
            $"-out:{folder}/layers.dll", $"-generatedfilesout:{generated}",
            $"-analyzer:{own}{typeof(LayerGenerator).Assembly.GetName().Name}.dll", $"-analyzer:{own}Iced.dll",
            .. LayerCompiler.References().Select(static file => "-r:" + file),
            .. Directory.EnumerateFiles(folder, "*.cs"),
        ];
    }

    // Of the newest SDK beside this program's runtime.
    private static string Compiler()
    {
        string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        string sdks = Path.Combine(root, "sdk");
        string? compiler = Directory.Exists(sdks)
            ? Directory.EnumerateDirectories(sdks).Select(static sdk => Path.Combine(sdk, "Roslyn", "bincore", "csc.dll")).Where(File.Exists).Max(StringComparer.Ordinal)
            : null;
        return compiler ?? throw new BenchException($"There is no SDK in {root}, whose compiler could be measured.");
    }

    private static (string Output, double Seconds) Run(string compiler, string argument)
    {
        TimeSpan before = ChildProcesses.Time;
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["exec", compiler, argument]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? (output, (ChildProcesses.Time - before).TotalSeconds) : throw new BenchException("The layers do not compile:\n" + output);
    }

    private static double GeneratorTime(string report) =>
        GeneratorLine().Match(report) is { Success: true } match ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"([0-9.]+)\s+[<0-9]+\s+Kernels\.Generators\.LayerGenerator")]
    private static partial Regex GeneratorLine();
}
