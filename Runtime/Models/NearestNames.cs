using System;
using System.Collections.Generic;
using System.Linq;

namespace Kernels.Models;

/// <summary>What somebody may have meant who wrote a name that there is not.</summary>
internal static class NearestNames
{
    private const int Most = 3;

    /// <summary>The names that are most like it, in quotes, for the end of a message.</summary>
    public static string Of(string name, IEnumerable<string> names)
    {
        string[] nearest = [.. names.OrderBy(other => Distance(name.ToUpperInvariant(), other.ToUpperInvariant())).Take(Most).Select(static other => $"\"{other}\"")];
        return nearest.Length switch
        {
            0 => "there are none",
            1 => $"the only one is {nearest[0]}",
            _ => $"the nearest are {string.Join(", ", nearest)}",
        };
    }

    // Levenshtein's: letters to put in, leave out or change.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
