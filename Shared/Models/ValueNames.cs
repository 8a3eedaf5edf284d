using System;
using System.Collections.Generic;
using System.Globalization;

namespace Kernels.Models;

/// <summary>
/// Names of the values of a network, each given once: a name that is taken gets a number, as torch.fx does it (<c>add</c>, <c>add_1</c>).
/// The network that runs and the compiler that read its code name values alike.
/// </summary>
internal sealed class ValueNames
{
    /// <summary>The name of a network's input.</summary>
    public const string Input = "input";

    private readonly HashSet<string> _taken = new HashSet<string>(StringComparer.Ordinal) { Input };

    /// <summary>Takes a name that must be free.</summary>
    /// <returns>Whether it was.</returns>
    public bool Take(string name) => _taken.Add(name);

    /// <summary>Takes a name, with a number if need be.</summary>
    public string TakeNumbered(string name)
    {
        string free = name;
        for (int number = 1; !_taken.Add(free); number++)
        {
            free = name + "_" + number.ToString(CultureInfo.InvariantCulture);
        }

        return free;
    }
}
