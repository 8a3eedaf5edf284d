using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Kernels.Layers;

namespace Kernels.Bench.Shapes;

/// <summary>
/// Reads lists of shapes: comma-separated, a header line, and then one layer a line. Columns go by their names: shape,
/// in_channels, out_channels, in_height, in_width, kernel, stride, padding, output_padding and groups must be there;
/// kind (conv_transpose2d or conv2d; transposed when left out) and best_us may be; others are ignored.
/// </summary>
internal static class ShapeFile
{
    private const string DefaultName = "peers.csv";

    /// <summary>Reads a list.</summary>
    /// <param name="path">The file, also the name of one beside the program; the list of 17 layers when left out.</param>
    /// <param name="only">Names to keep; all when empty.</param>
    /// <returns>The layers in the file's order.</returns>
    /// <exception cref="BenchException">The file is missing or malformed, or a name is not in it.</exception>
    public static IReadOnlyList<ShapeRow> Read(string? path, IReadOnlyCollection<string> only)
    {
        string file = Find(path ?? DefaultName);
        string[] lines = [.. File.ReadLines(file).Where(line => line.Trim().Length > 0)];
        if (lines.Length < 2)
        {
            throw new BenchException($"{file} needs a header line and at least one shape.");
        }

        string[] header = Split(lines[0]);
        var rows = new List<ShapeRow>();
        for (int i = 1; i < lines.Length; i++)
        {
            rows.Add(Parse(header, Split(lines[i]), $"{file}, shape {i}"));
        }

        foreach (string name in only)
        {
            if (rows.All(row => row.Name != name))
            {
                throw new BenchException($"{file} has no shape '{name}'. It has: {string.Join(", ", rows.Select(row => row.Name))}.");
            }
        }

        return only.Count == 0 ? rows : [.. rows.Where(row => only.Contains(row.Name))];
    }

    private static string Find(string path)
    {
        string bundled = Path.Combine(AppContext.BaseDirectory, "Shapes", path);
        return File.Exists(path) ? path
            : File.Exists(bundled) ? bundled
            : throw new BenchException($"There is no list of shapes '{path}', neither here nor beside the program.");
    }

    private static string[] Split(string line) => line.Split(',', StringSplitOptions.TrimEntries);

    private static ShapeRow Parse(string[] header, string[] fields, string place)
    {
        int kernel = Number("kernel");
        int stride = Number("stride");
        int padding = Number("padding");
        string kindName = Field("kind") ?? "conv_transpose2d";
        ConvolutionKind kind = kindName switch
        {
            "conv_transpose2d" => ConvolutionKind.ConvTranspose2d,
            "conv2d" => ConvolutionKind.Conv2d,
            _ => throw new BenchException($"{place}: the kind '{kindName}' is neither conv_transpose2d nor conv2d."),
        };
        var spec = new ConvolutionSpec
        {
            Kind = kind,
            InChannels = Number("in_channels"),
            OutChannels = Number("out_channels"),
            KernelHeight = kernel,
            KernelWidth = kernel,
            StrideHeight = stride,
            StrideWidth = stride,
            PaddingHeight = padding,
            PaddingWidth = padding,
            OutputPaddingHeight = kind == ConvolutionKind.ConvTranspose2d ? Number("output_padding") : 0,
            OutputPaddingWidth = kind == ConvolutionKind.ConvTranspose2d ? Number("output_padding") : 0,
            Groups = Number("groups"),
            WeightScheme = WeightScheme.PerChannel,
        };
        string name = Field("shape") ?? throw new BenchException($"{place}: the column 'shape' is missing.");
        double? best = Field("best_us") is string text ? double.Parse(text, CultureInfo.InvariantCulture) : null;
        return new ShapeRow(name, spec, Number("in_height"), Number("in_width"), best);

        int Number(string column) =>
            int.TryParse(Field(column), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
                ? value
                : throw new BenchException($"{place}: the column '{column}' needs a whole number.");

        string? Field(string column)
        {
            int index = Array.IndexOf(header, column);
            return index >= 0 && index < fields.Length && fields[index].Length > 0 ? fields[index] : null;
        }
    }
}
