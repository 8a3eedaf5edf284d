using System;
using Kernels.Layers;

namespace Kernels.Training;

/// <summary>Sums over batch and pixels, one a channel, in a fixed order that no vector width changes.</summary>
internal static class ChannelSums
{
    // Few enough that float32 loses little, so many that the double precision total costs nothing.
    private const int PixelsPerPart = 64;

    /// <summary>Sums values in order n, h, w, c.</summary>
    /// <param name="values">The values.</param>
    /// <param name="sums">Receives one sum a channel.</param>
    public static void Of(ReadOnlySpan<float> values, Span<double> sums)
    {
        int channels = sums.Length;
        sums.Clear();
        var part = new float[channels];
        for (; !values.IsEmpty; values = values[Math.Min(values.Length, PixelsPerPart * channels)..])
        {
            ReadOnlySpan<float> pixels = values[..Math.Min(values.Length, PixelsPerPart * channels)];
            part.AsSpan().Clear();
            for (int i = 0; i < pixels.Length; i += channels)
            {
                Accumulation.Add(pixels.Slice(i, channels), part);
            }

            for (int c = 0; c < channels; c++)
            {
                sums[c] += part[c];
            }
        }
    }
}
