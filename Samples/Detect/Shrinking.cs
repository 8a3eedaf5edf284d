using System;

namespace Kernels.Samples.Detect;

/// <summary>
/// Makes pictures smaller with a triangle filter as wide as two pixels of the result, which is bilinear interpolation without aliasing. Sums run in one
/// order and nothing is fused, so that every machine gets the same bytes.
/// </summary>
internal static class Shrinking
{
    private const int Channels = 3;

    /// <summary>Shrinks a picture.</summary>
    /// <param name="pixels">Rows of pixels, three bytes each.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="toWidth">Columns of the result, at most <paramref name="width"/>.</param>
    /// <param name="toHeight">Rows of the result, at most <paramref name="height"/>.</param>
    public static byte[] Shrink(ReadOnlySpan<byte> pixels, int width, int height, int toWidth, int toHeight)
    {
        if (toWidth == width && toHeight == height)
        {
            return pixels.ToArray();
        }

        var result = new byte[toWidth * toHeight * Channels];
        Taps[] columns = Filter(width, toWidth);
        Taps[] rows = Filter(height, toHeight);
        var sums = new float[width * Channels];
        for (int y = 0; y < toHeight; y++)
        {
            Array.Clear(sums);
            for (int tap = 0; tap < rows[y].Weights.Length; tap++)
            {
                Add(pixels.Slice((rows[y].First + tap) * sums.Length, sums.Length), rows[y].Weights[tap], sums);
            }

            Narrow(sums, columns, result.AsSpan(y * toWidth * Channels, toWidth * Channels));
        }

        return result;
    }

    private static void Add(ReadOnlySpan<byte> row, float weight, Span<float> sums)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += weight * row[i];
        }
    }

    private static void Narrow(ReadOnlySpan<float> row, Taps[] columns, Span<byte> result)
    {
        for (int i = 0; i < result.Length; i++)
        {
            Taps taps = columns[i / Channels];
            float sum = 0;
            for (int tap = 0; tap < taps.Weights.Length; tap++)
            {
                sum += taps.Weights[tap] * row[(taps.First + tap) * Channels + i % Channels];
            }

            result[i] = (byte)Math.Clamp((int)MathF.Round(sum), byte.MinValue, byte.MaxValue);
        }
    }

    private static Taps[] Filter(int size, int toSize)
    {
        double scale = (double)size / toSize;
        var filter = new Taps[toSize];
        for (int i = 0; i < toSize; i++)
        {
            double centre = (i + 0.5) * scale;
            int first = Math.Max(0, (int)Math.Ceiling(centre - scale - 0.5));
            int last = Math.Min(size - 1, (int)Math.Floor(centre + scale - 0.5));
            var weights = new double[last - first + 1];
            double total = 0;
            for (int tap = 0; tap < weights.Length; tap++)
            {
                weights[tap] = Math.Max(0, 1 - Math.Abs(first + tap + 0.5 - centre) / scale);
                total += weights[tap];
            }

            filter[i] = new Taps(first, Array.ConvertAll(weights, weight => (float)(weight / total)));
        }

        return filter;
    }

    /// <summary>What one pixel of the result is made of, along one axis.</summary>
    /// <param name="First">The first pixel that counts.</param>
    /// <param name="Weights">Of it and those behind; their sum is 1.</param>
    private readonly record struct Taps(int First, float[] Weights);
}
