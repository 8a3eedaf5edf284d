using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using Kernels.Onnx;

namespace Kernels.Tool.Commands;

/// <summary>What all commands take that read an ONNX file.</summary>
/// <param name="what">What the model's file is.</param>
internal sealed class ModelOptions(string what = "The ONNX file.")
{
    public Argument<string> Model { get; } = new("model") { Description = what };

    public Option<string> InputSize { get; } = new("--input-size") { Description = "Rows and columns of the input, for example 640x640: for networks that depend on it.", DefaultValueFactory = static _ => "" };

    public Option<string> Output { get; } = new("--output-name") { Description = "The output to compute, where the file has several.", DefaultValueFactory = static _ => "" };

    public void AddTo(Command command)
    {
        command.Add(Model);
        command.Add(InputSize);
        command.Add(Output);
    }

    /// <summary>Whether the model is a converted one, a file of this library's.</summary>
    public bool IsConverted(ParseResult result) => Path.GetExtension(result.GetValue(Model)!).Equals(".safetensors", StringComparison.OrdinalIgnoreCase);

    /// <summary>The file to write: what an option says, or one beside the model's.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="output">The option.</param>
    /// <param name="extension">What follows the model's name.</param>
    public string Target(ParseResult result, Option<string> output, string extension) =>
        result.GetValue(output) is { Length: > 0 } given ? given : Path.ChangeExtension(result.GetValue(Model)!, extension);

    public OnnxModel Load(ParseResult result)
    {
        string path = result.GetValue(Model)!;
        string size = result.GetValue(InputSize)!;
        var options = new OnnxLoadOptions { Output = result.GetValue(Output)! };
        if (size.Length == 0)
        {
            return OnnxModel.Load(path, options);
        }

        (int height, int width) = Size(size);
        return OnnxModel.Load(path, options with { InputShape = [-1, -1, height, width] });
    }

    /// <summary>Reads a size.</summary>
    /// <exception cref="ToolException">It is none.</exception>
    public static (int Height, int Width) Size(string text)
    {
        string[] parts = text.Split('x');
        int[] numbers = [.. parts.Select(static part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        return numbers is [> 0, > 0]
            ? (numbers[0], numbers[1])
            : throw new ToolException($"'{text}' is not a size: write rows and columns as 640x640.");
    }
}
