using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Kernels.Fuzz.Sources;

/// <summary>Attributes whose numbers come from their whole ranges and from beyond: whatever has no error must be small and compile.</summary>
internal static class AttributeFuzz
{
    private static readonly int[] Edges = [0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 64, 255, 256, 257, 1024, 4095, 4096, 4097, 16383, 16384, 65535, 65536, 65537, int.MaxValue, -1, int.MinValue];

    // How many are under way between two looks at the clock.
    private const int Portion = 16;

    /// <summary>Runs attributes, each in a source of its own.</summary>
    public static IEnumerable<string> Run(Options options)
    {
        var clock = Stopwatch.StartNew();
        int done = 0;
        int valid = 0;
        while (done < options.Attributes && options.HasTime(clock, 0.15))
        {
            int first = done;
            int count = Math.Min(Portion, options.Attributes - first);
            (string Attribute, bool IsValid, string? Problem)[] results =
                [.. Enumerable.Range(first, count).AsParallel().AsOrdered().Select(index => Try(options.Seed, index))];
            done += count;
            valid += results.Count(static result => result.IsValid);
            foreach ((string attribute, _, string? problem) in results.Where(static result => result.Problem is not null))
            {
                yield return $"{attribute}: {problem}";
            }
        }

        Console.WriteLine($"attributes: {done}, of which {valid} without an error");
    }

    private static (string Attribute, bool IsValid, string? Problem) Try(int seed, int index)
    {
        string attribute = Attribute(new Random(unchecked((seed * 1_000_003) ^ (index * 15_485_863))));
        GeneratedSources sources = GeneratedSources.Of(Source.Of([attribute]));
        return (attribute, !sources.HasErrors, sources.Problem() ?? sources.Miscompiled());
    }

    private static string Attribute(Random random)
    {
        int kind = random.Next(8);
        var arguments = new List<string>();
        if (kind == 0)
        {
            arguments.Add($"InFeatures = {Number(random, 65_536)}");
            arguments.Add($"OutFeatures = {Number(random, 65_536)}");
            return $"[Kernels.QuantizedLinear({string.Join(", ", arguments)})]";
        }

        bool transposed = kind % 2 == 0;
        int groups = random.Next(3) == 0 ? (int)Math.Pow(2, random.Next(17)) * random.Next(1, 4) : 1;
        int channels = random.Next(4) == 0 ? Number(random, 65_536) : groups * Math.Max(1, Number(random, 65_536 / Math.Max(1, groups)));
        arguments.Add($"InChannels = {channels}");
        arguments.Add($"OutChannels = {(random.Next(3) == 0 ? channels : groups * Math.Max(1, Number(random, 65_536 / Math.Max(1, groups))))}");
        arguments.Add($"Kernel = {Number(random, random.Next(2) == 0 ? 8 : 4096)}");
        if (random.Next(3) == 0)
        {
            arguments.Add($"KernelWidth = {Number(random, 4096)}");
        }

        Maybe("Groups", groups, groups == 1 ? 0 : 1);
        Maybe("Stride", Number(random, random.Next(2) == 0 ? 8 : 4096), 0.5);
        Maybe("StrideHeight", Number(random, 4096), 0.2);
        Maybe("StrideWidth", Number(random, 4096), 0.2);
        Maybe("Padding", Number(random, random.Next(2) == 0 ? 8 : 65_535), 0.4);
        Maybe("PaddingWidth", Number(random, 65_535), 0.2);
        Maybe("Dilation", Number(random, random.Next(2) == 0 ? 4 : 4096), 0.3);
        Maybe("DilationHeight", Number(random, 4096), 0.1);
        Maybe("InputHeight", Number(random, 16_384), 0.2);
        Maybe("InputWidth", Number(random, 16_384), 0.3);
        Maybe("Activation", random.Next(-1, 6), 0.2, "(Kernels.Activation)({0})");
        if (transposed)
        {
            Maybe("OutputPadding", Number(random, 8), 0.2);
        }

        if (random.Next(6) == 0)
        {
            arguments.Add(random.Next(2) == 0 ? "MachineCode = false" : "NegativeSlope = float.NaN");
        }

        return $"[Kernels.{(transposed ? "QuantizedConvTranspose2d" : "QuantizedConv2d")}({string.Join(", ", arguments)})]";

        void Maybe(string name, int value, double chance, string format = "{0}")
        {
            if (random.NextDouble() < chance)
            {
                arguments.Add($"{name} = {string.Format(System.Globalization.CultureInfo.InvariantCulture, format, value)}");
            }
        }
    }

    // Of all sizes alike; an edge at times.
    private static int Number(Random random, int most) =>
        random.Next(40) == 0 ? Edges[random.Next(Edges.Length)] : Math.Max(1, (int)Math.Pow(most, random.NextDouble()));
}
