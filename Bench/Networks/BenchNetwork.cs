using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Kernels.Bench.Networks;

/// <summary>A network to time: an ONNX file, and the size of its input where the file leaves it open.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="File">The ONNX file.</param>
/// <param name="Input">Dimensions of its input; none when the file has them.</param>
internal sealed record BenchNetwork(string Name, byte[] File, int[] Input)
{
    private static readonly string Detector = Path.Combine(AppContext.BaseDirectory, "Assets", "en_PP-OCRv3_det_infer.onnx");

    /// <summary>The networks of the bench, made when they are asked for.</summary>
    public static IReadOnlyList<(string Name, Func<BenchNetwork> Make)> All { get; } =
    [
        ("upconv_7", static () => new BenchNetwork("upconv_7", UpscaleNetwork.Write(142), [])),
        ("cunet", static () => new BenchNetwork("cunet", CunetNetwork.Write(164), [])),
        ("mobilenet-640", static () => new BenchNetwork("mobilenet-640", MobileNetwork.Write(640), [])),
        ("mobilenet-320", static () => new BenchNetwork("mobilenet-320", MobileNetwork.Write(320), [])),
        ("ppocr-640", static () => new BenchNetwork("ppocr-640", System.IO.File.ReadAllBytes(Detector), [1, 3, 640, 640])),
        ("ppocr-320", static () => new BenchNetwork("ppocr-320", System.IO.File.ReadAllBytes(Detector), [1, 3, 320, 320])),
    ];

    /// <summary>A file of the user's.</summary>
    /// <param name="path">The file.</param>
    /// <param name="size">Rows and columns as 640x480; nothing when the file has them.</param>
    /// <exception cref="BenchException">The file cannot be read, or the size is none.</exception>
    public static BenchNetwork Of(string path, string? size)
    {
        int[] sides = [.. (size ?? "").Split('x', StringSplitOptions.RemoveEmptyEntries).Select(static side => int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0)];
        if (sides.Length is not (0 or 2) || sides.Contains(0))
        {
            throw new BenchException("--size is rows and columns of the input, such as 640x480.");
        }

        try
        {
            return new BenchNetwork(Path.GetFileNameWithoutExtension(path), System.IO.File.ReadAllBytes(path), sides.Length == 0 ? [] : [1, 3, .. sides]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BenchException($"{path} cannot be read: {exception.Message}");
        }
    }
}
