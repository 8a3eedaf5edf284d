using System;
using System.Numerics;

namespace Kernels.Quantization;

/// <summary>The range of each channel.</summary>
internal static class ChannelRanges
{
    /// <summary>Ranges of values that must be finite.</summary>
    /// <exception cref="ArgumentException">The count does not fit the layout, or a value is NaN or infinite.</exception>
    public static ValueRange[] Of(ReadOnlySpan<float> values, ChannelLayout layout)
    {
        layout.Check(values.Length);
        // One pass over everything proves that all is finite; the passes below may then compare freely.
        ValueRange.Of(values);
        var ranges = new ValueRange[layout.Channels];
        for (int group = 0; group < layout.Groups; group++)
        {
            int size = values.Length / layout.Groups;
            ReadOnlySpan<float> part = values.Slice(group * size, size);
            Span<ValueRange> target = ranges.AsSpan(group * layout.GroupChannels, layout.GroupChannels);
            if (layout.Inner == 1)
            {
                Interleaved(part, target);
            }
            else
            {
                Blocks(part, layout, target);
            }
        }

        return ranges;
    }

    private static void Blocks(ReadOnlySpan<float> values, ChannelLayout layout, Span<ValueRange> ranges)
    {
        ranges.Fill(ValueRange.Empty);
        for (int block = 0; block < layout.Outer * layout.GroupChannels; block++)
        {
            ref ValueRange range = ref ranges[block % layout.GroupChannels];
            range = range.Union(ValueRange.Of(values.Slice(block * layout.Inner, layout.Inner)));
        }
    }

    // Channels-last activations: lanes are channels.
    private static void Interleaved(ReadOnlySpan<float> values, Span<ValueRange> ranges)
    {
        int channels = ranges.Length;
        float[] min = values[..channels].ToArray();
        float[] max = values[..channels].ToArray();
        for (int start = channels; start < values.Length; start += channels)
        {
            ReadOnlySpan<float> pixel = values.Slice(start, channels);
            int c = 0;
            for (; c <= channels - Vector<float>.Count; c += Vector<float>.Count)
            {
                var x = new Vector<float>(pixel[c..]);
                Vector.MinNative(new Vector<float>(min, c), x).CopyTo(min, c);
                Vector.MaxNative(new Vector<float>(max, c), x).CopyTo(max, c);
            }

            for (; c < channels; c++)
            {
                min[c] = MathF.Min(min[c], pixel[c]);
                max[c] = MathF.Max(max[c], pixel[c]);
            }
        }

        for (int c = 0; c < channels; c++)
        {
            ranges[c] = new ValueRange(min[c] + 0f, max[c] + 0f);
        }
    }
}
