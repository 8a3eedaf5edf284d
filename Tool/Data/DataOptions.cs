using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using Kernels.Onnx;

namespace Kernels.Tool.Data;

/// <summary>Where inputs come from and how pictures become numbers.</summary>
/// <param name="isRequired">Whether a command cannot do without.</param>
internal sealed class DataOptions(bool isRequired = true)
{
    private readonly Option<string> _data = new("--data") { Description = "A folder of pictures (png, jpg, bmp) or .npy files of float32, or one such file.", Required = isRequired };
    private readonly Option<string> _mean = new("--mean") { Description = "Taken off (value / 255), one number or one a channel: 0.485,0.456,0.406.", DefaultValueFactory = static _ => "0" };
    private readonly Option<string> _deviation = new("--std") { Description = "Divides what is left, one number or one a channel.", DefaultValueFactory = static _ => "1" };
    private readonly Option<bool> _bgr = new("--bgr") { Description = "Blue first, as networks from OpenCV read pictures." };

    public void AddTo(Command command)
    {
        command.Add(_data);
        command.Add(_mean);
        command.Add(_deviation);
        command.Add(_bgr);
    }

    /// <summary>Whether there are any.</summary>
    public bool IsGiven(ParseResult result) => !string.IsNullOrEmpty(result.GetValue(_data));

    /// <summary>Reads all inputs.</summary>
    /// <exception cref="ToolException">There are none, or one cannot be read.</exception>
    public IReadOnlyList<FloatTensor> Read(ParseResult result, OnnxModel model)
    {
        string path = result.GetValue(_data)!;
        string[] files = Directory.Exists(path)
            ? [.. Directory.GetFiles(path).Where(static file => Path.GetExtension(file).ToLowerInvariant() is ".png" or ".jpg" or ".jpeg" or ".bmp" or ".npy").Order(StringComparer.Ordinal)]
            : File.Exists(path) ? [path] : throw new ToolException($"There is no file or folder {path}.");
        if (files.Length == 0)
        {
            throw new ToolException($"The folder {path} has no pictures (png, jpg, bmp) and no .npy files.");
        }

        var reader = new InputReader(Numbers(result.GetValue(_mean)!), Numbers(result.GetValue(_deviation)!), result.GetValue(_bgr), model);
        return [.. files.Select(reader.Read)];
    }

    private static float[] Numbers(string text)
    {
        float[] numbers = [.. text.Split(',').Select(static part => float.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) ? number : float.NaN)];
        return numbers.Length is 1 or 3 && Array.TrueForAll(numbers, float.IsFinite) ? numbers : throw new ToolException($"'{text}' is not one number, or three with commas between.");
    }
}
