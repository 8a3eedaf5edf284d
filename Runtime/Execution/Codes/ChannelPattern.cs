using System;
using System.Buffers;
using Kernels.Layers;

namespace Kernels.Execution;

/// <summary>
/// Constants of channels, repeated so that any run of vectors over pixels finds its constants side by side, however few channels there are: a
/// whole number of pixels, at least a block long, and a block behind that.
/// </summary>
internal static class ChannelPattern
{
    /// <summary>The most codes that a kernel takes at once.</summary>
    public const int Block = 64;

    /// <summary>Elements until the pattern starts again.</summary>
    public static int Period(int channels) => channels * ((Block + channels - 1) / channels);

    /// <summary>Elements of the whole pattern.</summary>
    public static int Length(int channels) => Period(channels) + Block;

    /// <summary>The pattern of constants.</summary>
    public static float[] Of(ReadOnlySpan<float> constants)
    {
        var pattern = new float[Length(constants.Length)];
        Broadcasting.Repeat(constants, pattern.AsSpan());
        return pattern;
    }

    /// <summary>The pattern of codes less their zero point, in rented memory.</summary>
    public static float[] Rent(ReadOnlySpan<byte> codes, int zeroPoint)
    {
        int length = Length(codes.Length);
        float[] pattern = ArrayPool<float>.Shared.Rent(length);
        for (int c = 0; c < codes.Length; c++)
        {
            pattern[c] = codes[c] - zeroPoint;
        }

        for (int done = codes.Length; done < length; done *= 2)
        {
            pattern.AsSpan(0, Math.Min(done, length - done)).CopyTo(pattern.AsSpan(done));
        }

        return pattern;
    }
}
