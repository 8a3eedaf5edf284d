using System;
using System.IO;
using Kernels.Onnx;
using StbImageSharp;

namespace Kernels.Tool.Data;

/// <summary>Reads pictures and .npy files as inputs of a network.</summary>
/// <param name="mean">Taken off, one number or one a channel.</param>
/// <param name="deviation">Divides, one number or one a channel.</param>
/// <param name="isBgr">Whether blue comes first.</param>
/// <param name="model">The network.</param>
internal sealed class InputReader(float[] mean, float[] deviation, bool isBgr, OnnxModel model)
{
    // What networks halve their input by at most; pictures are made multiples of it where the size is open.
    private const int Multiple = 32;

    /// <summary>Reads a file.</summary>
    /// <exception cref="ToolException">It cannot be read, or does not fit the network.</exception>
    public FloatTensor Read(string path)
    {
        if (Path.GetExtension(path).Equals(".npy", StringComparison.OrdinalIgnoreCase))
        {
            return NpyFile.Read(path);
        }

        int channels = model.Float.InChannels;
        if (channels is not (1 or 3) || model.InputShape.Count != 4)
        {
            throw new ToolException($"The network reads [{string.Join(", ", model.InputShape)}], which is no picture: give .npy files.");
        }

        ImageResult picture;
        try
        {
            picture = ImageResult.FromMemory(File.ReadAllBytes(path), channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue);
        }
        catch (Exception exception) when (exception is not (IOException or UnauthorizedAccessException))
        {
            throw new ToolException($"{path} is not a picture that can be read: {exception.Message}");
        }

        (int height, int width) = Size(path, picture);
        var tensor = new FloatTensor(new Shape4(1, channels, height, width));
        Span<float> data = tensor.Data;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int pixel = y * picture.Height / height * picture.Width + x * picture.Width / width;
                for (int c = 0; c < channels; c++)
                {
                    int source = pixel * channels + (isBgr ? channels - 1 - c : c);
                    data[(y * width + x) * channels + c] = (picture.Data[source] / 255f - mean[c % mean.Length]) / deviation[c % deviation.Length];
                }
            }
        }

        return tensor;
    }

    /// <summary>The network's size; or the picture's, to the next lower multiple.</summary>
    private (int Height, int Width) Size(string path, ImageResult picture)
    {
        if (!model.IsAnySize)
        {
            return (model.InputShape[2], model.InputShape[3]);
        }

        return picture.Height >= Multiple && picture.Width >= Multiple
            ? (picture.Height / Multiple * Multiple, picture.Width / Multiple * Multiple)
            : throw new ToolException($"{path} has {picture.Width}x{picture.Height} pixels; pictures need {Multiple} rows and columns at least.");
    }
}
