using System;

namespace Kernels.Layers;

/// <summary>Constants that are one number for all channels, or one for each.</summary>
internal static class ChannelConstants
{
    /// <summary>Copies constants that must be finite.</summary>
    /// <exception cref="ArgumentException">There is none, or one is not finite.</exception>
    public static float[] Copy(ReadOnlySpan<float> values, string name)
    {
        if (values.IsEmpty)
        {
            throw new ArgumentException("Give one number for all channels, or one for each.", name);
        }

        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                throw new ArgumentException($"The numbers must be finite, but one is {value}.", name);
            }
        }

        return values.ToArray();
    }

    /// <summary>Throws unless an input has the channels of the constants.</summary>
    /// <returns>The shape.</returns>
    /// <exception cref="ArgumentException">It has others.</exception>
    public static Shape4 Check(int channels, Shape4 input)
    {
        input.Checked(nameof(input));
        return channels == 1 || channels == input.C
            ? input
            : throw new ArgumentException($"The layer has numbers for {channels} channels, but the input is {input}.", nameof(input));
    }
}
