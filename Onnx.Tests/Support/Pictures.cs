using System.IO;
using StbImageSharp;

namespace Kernels.Onnx.Tests;

/// <summary>Pictures as PaddleOCR's networks read them.</summary>
internal static class Pictures
{
    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Deviation = [0.229f, 0.224f, 0.225f];

    /// <summary>The upper left part of a picture with text, blue first and normalized, in NCHW order.</summary>
    public static float[] Text(string name, int height, int width)
    {
        ImageResult picture = ImageResult.FromMemory(File.ReadAllBytes(Path.Combine(Repository.Root, "Onnx.Tests", "Data", name + ".png")), ColorComponents.RedGreenBlue);
        var values = new float[3 * height * width];
        for (int c = 0; c < 3; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    int source = (y % picture.Height * picture.Width + x % picture.Width) * 3 + 2 - c;
                    values[(c * height + y) * width + x] = (picture.Data[source] / 255f - Mean[c]) / Deviation[c];
                }
            }
        }

        return values;
    }
}
