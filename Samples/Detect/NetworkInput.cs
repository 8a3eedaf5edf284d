using System;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Kernels.Samples.Detect;

/// <summary>A picture as the network reads it: shrunk where it is too large, padded to whole multiples of 32, blue first, normalised.</summary>
/// <param name="Tensor">[1, 3, H, W].</param>
/// <param name="Width">Columns that are picture; those behind are padding.</param>
/// <param name="Height">Rows that are picture.</param>
/// <param name="Scale">Pixels of the picture for one of the network's.</param>
internal sealed record NetworkInput(FloatTensor Tensor, int Width, int Height, float Scale)
{
    // The network halves its input five times.
    private const int Multiple = 32;

    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];

    private static readonly float[] Deviation = [0.229f, 0.224f, 0.225f];

    /// <summary>Prepares a picture.</summary>
    /// <param name="picture">Any size.</param>
    /// <param name="mostSide">Longest side that the network sees.</param>
    public static NetworkInput Of(Image<Rgb24> picture, int mostSide)
    {
        var pixels = new byte[picture.Width * picture.Height * 3];
        picture.CopyPixelDataTo(pixels);
        return Of(pixels, picture.Width, picture.Height, mostSide);
    }

    /// <summary>Prepares a picture.</summary>
    /// <param name="pixels">Its rows, three bytes a pixel: red, green, blue.</param>
    /// <param name="pictureWidth">Its columns, any number.</param>
    /// <param name="pictureHeight">Its rows, any number.</param>
    /// <param name="mostSide">Longest side that the network sees.</param>
    public static NetworkInput Of(ReadOnlySpan<byte> pixels, int pictureWidth, int pictureHeight, int mostSide)
    {
        float scale = MathF.Max(1, (float)Math.Max(pictureWidth, pictureHeight) / mostSide);
        int width = Math.Max(1, (int)(pictureWidth / scale)), height = Math.Max(1, (int)(pictureHeight / scale));
        ReadOnlySpan<byte> shrunk = Shrinking.Shrink(pixels, pictureWidth, pictureHeight, width, height);
        var tensor = new FloatTensor(new Shape4(1, 3, Padded(height), Padded(width)));

        // Behind the picture zeros stay: the mean colour.
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = shrunk.Slice(y * width * 3, width * 3);
            Span<float> data = tensor.Data.Slice(y * Padded(width) * 3, width * 3);
            for (int i = 0; i < row.Length; i += 3)
            {
                (data[i], data[i + 1], data[i + 2]) = (Normalised(row[i + 2], 0), Normalised(row[i + 1], 1), Normalised(row[i], 2));
            }
        }

        return new NetworkInput(tensor, width, height, scale);
    }

    /// <summary>The map of the picture, without what was padded.</summary>
    public ProbabilityMap Map(FloatTensor output)
    {
        var values = new float[Width * Height];
        for (int y = 0; y < Height; y++)
        {
            output.Data.Slice(y * Tensor.Shape.W, Width).CopyTo(values.AsSpan(y * Width));
        }

        return new ProbabilityMap(Width, Height, values);
    }

    private static int Padded(int size) => (size + Multiple - 1) / Multiple * Multiple;

    private static float Normalised(byte value, int channel) => (value / 255f - Mean[channel]) / Deviation[channel];
}
