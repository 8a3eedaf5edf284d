using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Kernels.Bench.Report;

/// <summary>Text in columns: the first ones to the left, numbers to the right.</summary>
/// <param name="leftColumns">Columns that are words.</param>
/// <param name="header">Head of each column.</param>
internal sealed class Table(int leftColumns, IReadOnlyList<string> header)
{
    private readonly List<IReadOnlyList<string>> _rows = [header];

    /// <summary>Rows so far, without the head.</summary>
    public int Count => _rows.Count - 1;

    /// <summary>A number with about three digits; a dash for nothing.</summary>
    /// <param name="value">The number.</param>
    public static string Number(double? value) => value switch
    {
        null => "-",
        >= 100 => value.Value.ToString("F0", CultureInfo.InvariantCulture),
        >= 10 => value.Value.ToString("F1", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("F2", CultureInfo.InvariantCulture),
    };

    /// <summary>A share in per cent; a dash for nothing.</summary>
    /// <param name="value">The share, 1 for all.</param>
    public static string Percent(double? value) => value is double share ? (share * 100).ToString("F0", CultureInfo.InvariantCulture) + "%" : "-";

    /// <summary>Adds a row.</summary>
    /// <param name="cells">A cell for each column.</param>
    public void Add(IReadOnlyList<string> cells) => _rows.Add(cells);

    /// <inheritdoc/>
    public override string ToString()
    {
        int[] widths = [.. Enumerable.Range(0, header.Count).Select(column => _rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (IReadOnlyList<string> row in _rows)
        {
            for (int column = 0; column < widths.Length; column++)
            {
                string cell = column < leftColumns ? row[column].PadRight(widths[column]) : row[column].PadLeft(widths[column]);
                text.Append(column == 0 ? string.Empty : "  ").Append(cell);
            }

            while (text[^1] == ' ')
            {
                text.Length--;
            }

            text.Append(Environment.NewLine);
        }

        return text.ToString();
    }
}
