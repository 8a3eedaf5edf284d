using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;

namespace Kernels.Fuzz.Files;

/// <summary>Mutated files in processes of their own; those that fail go to the corpus.</summary>
internal static class FileFuzz
{
    /// <summary>Starts a line that tells of a failure.</summary>
    public const string Failure = "failure ";

    /// <summary>Starts the line that says how many files were read.</summary>
    public const string Read = "read ";

    private const int Portion = 2_000;

    // A file takes 2 s to load and 2 s to run at most, on a machine that is not busy.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The n-th file of a seed: the same in every process.</summary>
    public static (FileTarget Target, byte[] File) Make(int seed, int index)
    {
        var random = new Random(unchecked((seed * 1_000_003) ^ (index * 7_919)));
        FileTarget target = FileTarget.All[index % FileTarget.All.Count];
        return (target, target.Mutate(target.Seeds[random.Next(target.Seeds.Count)], random));
    }

    /// <summary>Reads the corpus again.</summary>
    public static IEnumerable<string> RunCorpus()
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Corpus")).Where(static file => FileTarget.OfName(Path.GetFileName(file)) is not null)];
        foreach (string file in files)
        {
            (string output, int code) = Worker.Run(TimeSpan.FromMinutes(1), null, FileWorker.Command, "corpus", file);
            if (code != 0 || output.Contains(Failure, StringComparison.Ordinal))
            {
                yield return $"{Path.GetFileName(file)}: {(code != 0 ? $"the process died with {code}" : output)}";
            }
        }

        Console.WriteLine($"corpus: {files.Length} files");
    }

    /// <summary>Reads mutated files.</summary>
    public static IEnumerable<string> Run(Options options)
    {
        string folder = Directory.CreateTempSubdirectory("kernels-fuzz").FullName;
        var watch = Stopwatch.StartNew();
        int done = 0;
        int read = 0;
        while (done < options.Files && options.HasTime(watch, 0.4))
        {
            int count = Math.Min(Portion, options.Files - done);
            (string output, int code) = Worker.Run(Patience, Path.Combine(folder, "progress"), FileWorker.Command, folder, Text(options.Seed), Text(done), Text(count));
            foreach (string line in output.Split('\n'))
            {
                if (line.StartsWith(Failure, StringComparison.Ordinal))
                {
                    string[] parts = line.Split(' ', 3);
                    yield return $"{Keep(options.Seed, int.Parse(parts[1], CultureInfo.InvariantCulture))}: {parts[2]}";
                }
                else if (line.StartsWith(Read, StringComparison.Ordinal))
                {
                    read += int.Parse(line.AsSpan(Read.Length), NumberStyles.None, CultureInfo.InvariantCulture);
                }
            }

            if (code == 0)
            {
                done += count;
                continue;
            }

            // What it read when it died; the next portion begins behind it.
            int last = BitConverter.ToInt32(File.ReadAllBytes(Path.Combine(folder, "progress")));
            yield return $"{Keep(options.Seed, last)}: the process died with {code}";
            done = last + 1;
        }

        Directory.Delete(folder, recursive: true);
        Console.WriteLine($"files: {done} mutated, {read} read and run, {done / Math.Max(1, watch.Elapsed.TotalSeconds):F0} a second");
    }

    private static string Keep(int seed, int index)
    {
        (FileTarget target, byte[] file) = Make(seed, index);
        string folder = Directory.Exists("Fuzz/Corpus") ? "Fuzz/Corpus" : Directory.CreateDirectory("artifacts").FullName;
        string path = Path.Combine(folder, $"{target.Name}-{System.Convert.ToHexStringLower(SHA256.HashData(file))[..12]}{target.Extension}");
        File.WriteAllBytes(path, file);
        return path;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
