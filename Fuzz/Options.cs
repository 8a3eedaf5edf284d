using System;
using System.Diagnostics;
using System.Globalization;

namespace Kernels.Fuzz;

/// <summary>How much is tried.</summary>
/// <param name="Files">Mutated files.</param>
/// <param name="Specs">Random layers, computed on every tier and by the int64 reference.</param>
/// <param name="Attributes">Attributes with numbers from their whole ranges.</param>
/// <param name="Sources">Random classes and truncated sources.</param>
/// <param name="Seed">Where chance starts; the day's own unless it is given.</param>
/// <param name="Minutes">When to stop at the latest.</param>
internal sealed record Options(int Files, int Specs, int Attributes, int Sources, int Seed, double Minutes)
{
    /// <summary>Reads the command line; without numbers it is the short run of a build.</summary>
    public static Options Parse(string[] arguments)
    {
        var options = new Options(8_000, 40, 300, 200, DateTime.UtcNow.Year * 1000 + DateTime.UtcNow.DayOfYear, 2);
        for (int i = 0; i + 1 < arguments.Length; i += 2)
        {
            int Count() => int.Parse(arguments[i + 1], NumberStyles.Integer, CultureInfo.InvariantCulture);
            options = arguments[i] switch
            {
                "--files" => options with { Files = Count() },
                "--specs" => options with { Specs = Count() },
                "--attributes" => options with { Attributes = Count() },
                "--sources" => options with { Sources = Count() },
                "--seed" => options with { Seed = Count() },
                "--minutes" => options with { Minutes = double.Parse(arguments[i + 1], CultureInfo.InvariantCulture) },
                _ => throw new ArgumentException($"{arguments[i]} is none of --files, --specs, --attributes, --sources, --seed and --minutes."),
            };
        }

        return options;
    }

    /// <summary>Whether one of the parts of a run, which has begun at a clock's start, has time left.</summary>
    /// <param name="clock">Since when it runs.</param>
    /// <param name="share">Its share of the whole time.</param>
    public bool HasTime(Stopwatch clock, double share) => clock.Elapsed.TotalMinutes < Minutes * share;
}
