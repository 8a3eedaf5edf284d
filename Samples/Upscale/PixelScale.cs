using System;

namespace Kernels.Samples.Upscale;

/// <summary>Between 8-bit pixels and the network's unit range.</summary>
internal static class PixelScale
{
    public static void ToUnit(ReadOnlySpan<byte> pixels, Span<float> values)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            values[i] = pixels[i] / 255f;
        }
    }

    /// <summary>Clamps to 0 and 1, because the network overshoots at edges, and rounds.</summary>
    public static void FromUnit(ReadOnlySpan<float> values, Span<byte> pixels)
    {
        for (int i = 0; i < values.Length; i++)
        {
            pixels[i] = (byte)(float.Clamp(values[i], 0, 1) * 255f + 0.5f);
        }
    }
}
