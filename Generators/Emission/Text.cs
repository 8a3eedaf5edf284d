using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kernels.Generators.Planning;

namespace Kernels.Generators.Emission;

/// <summary>C# spellings of plan values.</summary>
internal static class Text
{
    /// <summary>A string literal.</summary>
    public static string Literal(string text) => Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>A float literal that parses to the same value.</summary>
    public static string Float(float value) => value.ToString("R", CultureInfo.InvariantCulture) + "f";

    /// <summary>A collection expression: <c>[1, 2, 3]</c>.</summary>
    public static string List(IEnumerable<int> values) => "[" + string.Join(", ", values.Select(Number)) + "]";

    /// <summary>An integer, without culture.</summary>
    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>C#'s lower-case bool.</summary>
    public static string Bool(bool value) => value ? "true" : "false";

    /// <summary>An address so many steps on: <c>x + (nint)i * 8</c>, or <c>x + 16</c> where the number of steps is known.</summary>
    public static string At(string address, string steps, int step) =>
        !int.TryParse(steps, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? $"{(address == "0" ? string.Empty : address + " + ")}(nint){steps} * {Number(step)}"
        : count == 0 ? address
        : address == "0" ? FormattableString.Invariant($"{(long)count * step}")
        : FormattableString.Invariant($"{address} + {(long)count * step}");

    /// <summary><c>2y+1</c>, <c>y</c>, <c>x-1</c>: a position as remarks and comments spell it.</summary>
    public static string Position(int factor, string name, int offset)
    {
        string product = factor == 1 ? name : Number(factor) + name;
        return offset == 0 ? product : FormattableString.Invariant($"{product}{offset:+0;-0}");
    }

    /// <summary>3x3, or 3x5Units where a row of taps is a step of 5 units, and the distance between taps where it is not 1.</summary>
    public static string Name(StepPattern pattern)
    {
        string size = Number(pattern.Rows) + "x" + (pattern.MergesTaps ? Number(pattern.Units) + "Units" : Number(pattern.Columns));
        return pattern.RowStep == 1 && pattern.ColumnStep == 1 ? size : size + "By" + Number(pattern.RowStep) + "x" + Number(pattern.ColumnStep);
    }
}
