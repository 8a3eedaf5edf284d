using System;
using System.Collections.Generic;
using System.Globalization;

namespace Kernels.Bench;

/// <summary>What follows a command: names, and options that each have a value.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> _values = [];
    private readonly List<string> _names = [];
    private readonly HashSet<string> _flags = [];

    private Options()
    {
    }

    /// <summary>The words that belong to no option.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Value of an option, or nothing.</summary>
    public string? this[string option] => _values.GetValueOrDefault(option);

    /// <summary>Whether a flag was given.</summary>
    public bool Has(string flag) => _flags.Contains(flag);

    /// <summary>Reads the words after the command.</summary>
    /// <param name="words">The words.</param>
    /// <param name="known">Options that the command has, with their dashes; a flag, which has no value, ends in "!".</param>
    /// <exception cref="BenchException">An option is unknown or has no value.</exception>
    public static Options Parse(ReadOnlySpan<string> words, params ReadOnlySpan<string> known)
    {
        var options = new Options();
        for (int i = 0; i < words.Length; i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal))
            {
                options._names.Add(words[i]);
                continue;
            }

            if (known.Contains(words[i] + "!"))
            {
                options._flags.Add(words[i]);
                continue;
            }

            if (!known.Contains(words[i]))
            {
                throw new BenchException($"There is no option {words[i]} here. Options: {(known.IsEmpty ? "none" : string.Join(", ", known.ToArray()).Replace("!", string.Empty, StringComparison.Ordinal))}.");
            }

            if (i + 1 == words.Length)
            {
                throw new BenchException($"{words[i]} needs a value.");
            }

            options._values[words[i]] = words[++i];
        }

        return options;
    }

    /// <summary>The comma-separated parts of an option; none when it is not given.</summary>
    public string[] List(string option) => this[option]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>An option that is a whole number; nothing when it is not given.</summary>
    /// <exception cref="BenchException">It is no such number.</exception>
    public int? Number(string option, int atLeast) => this[option] is not string text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= atLeast ? value
        : throw new BenchException($"{option} is a whole number, at least {atLeast}.");
}
