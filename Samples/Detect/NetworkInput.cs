using System;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

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
        float scale = MathF.Max(1, (float)Math.Max(picture.Width, picture.Height) / mostSide);
        int width = Math.Max(1, (int)(picture.Width / scale)), height = Math.Max(1, (int)(picture.Height / scale));
        using Image<Rgb24> shrunk = picture.Clone(image => image.Resize(width, height, KnownResamplers.Triangle));
        var tensor = new FloatTensor(new Shape4(1, 3, Padded(height), Padded(width)));
        int padded = Padded(width);
        shrunk.ProcessPixelRows(rows =>
        {
            // Behind the picture zeros stay: the mean colour.
            Span<float> data = tensor.Data;
            for (int y = 0; y < height; y++)
            {
                Span<Rgb24> row = rows.GetRowSpan(y);
                for (int x = 0; x < width; x++)
                {
                    Span<float> pixel = data.Slice((y * padded + x) * 3, 3);
                    pixel[0] = Normalised(row[x].B, 0);
                    pixel[1] = Normalised(row[x].G, 1);
                    pixel[2] = Normalised(row[x].R, 2);
                }
            }
        });
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
