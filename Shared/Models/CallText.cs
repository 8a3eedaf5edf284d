using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Kernels.Models;

/// <summary>
/// A line of a network's plan: <c>maxpool_1 = MaxPool[2, 0, 0, False](Stem)</c>. The compiler writes it from the code that it read, the network
/// when it runs that code; both must come to the same lines.
/// </summary>
internal static class CallText
{
    /// <summary>The line.</summary>
    /// <param name="name">The value's name.</param>
    /// <param name="operation">The function, or the kernel's name.</param>
    /// <param name="arguments">Numbers and names as <see cref="Argument"/> writes them.</param>
    /// <param name="inputs">Names of the values read.</param>
    public static string Of(string name, string operation, IReadOnlyList<string> arguments, IReadOnlyList<string> inputs)
    {
        var text = new StringBuilder(name).Append(" = ").Append(operation);
        if (arguments.Count > 0)
        {
            text.Append('[').Append(string.Join(", ", arguments)).Append(']');
        }

        return text.Append('(').Append(string.Join(", ", inputs)).Append(')').ToString();
    }

    /// <summary>An argument: numbers alike in all cultures, enums as their numbers.</summary>
    public static string Argument(object? value) => value switch
    {
        null => "null",
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        System.Enum number => System.Convert.ToInt64(number, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        System.IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };
}
