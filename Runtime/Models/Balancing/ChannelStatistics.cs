using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;

namespace Kernels.Models.Balancing;

/// <summary>What was seen of a value, channel by channel.</summary>
internal sealed class ChannelStatistics
{
    private const float MostSpread = 64;

    private readonly List<float[]> _magnitudes = [];
    private long _count;

    /// <summary>Nothing seen yet.</summary>
    /// <param name="channels">Channels of the value.</param>
    public ChannelStatistics(int channels)
    {
        Lowest = new float[channels];
        Highest = new float[channels];
        Sums = new double[channels];
        Squares = new double[channels];
    }

    /// <summary>The least value of each channel; at most 0, since a quantized range holds 0.</summary>
    public float[] Lowest { get; }

    /// <summary>The greatest value of each channel; at least 0.</summary>
    public float[] Highest { get; }

    /// <summary>Channels of the value.</summary>
    public int Channels => Lowest.Length;

    /// <summary>Pixels of an image, rows times columns.</summary>
    public int Pixels { get; private set; }

    private double[] Sums { get; }

    private double[] Squares { get; }

    /// <summary>
    /// How far from 0 values of other inputs may lie. A channel that some batches hardly use was seen too little to know its largest value: where that
    /// is k times the median of the batches' largest ones, the next batch may hold one that is k times as large again.
    /// </summary>
    /// <param name="channel">The channel.</param>
    public float Reach(int channel)
    {
        float[] magnitudes = [.. _magnitudes.Select(batch => batch[channel]).Order()];
        float largest = magnitudes[^1];
        float median = magnitudes[magnitudes.Length / 2];
        return largest == 0 ? 0 : largest * (largest / Math.Max(median, largest / MostSpread));
    }

    /// <summary>The value furthest from 0.</summary>
    /// <param name="channel">The channel.</param>
    public float Magnitude(int channel) => Math.Max(Highest[channel], -Lowest[channel]);

    /// <summary>Mean of the values.</summary>
    /// <param name="channel">The channel.</param>
    public double Mean(int channel) => Sums[channel] / _count;

    /// <summary>Mean of the values' squares.</summary>
    /// <param name="channel">The channel.</param>
    public double MeanSquare(int channel) => Squares[channel] / _count;

    /// <summary>Takes a batch into account.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">Values in order n, h, w, c.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Observe(Shape4 shape, ReadOnlySpan<float> values)
    {
        Pixels = Math.Max(Pixels, shape.H * shape.W);
        _count += values.Length / Channels;
        var magnitudes = new float[Channels];
        _magnitudes.Add(magnitudes);
        for (int start = 0; start < values.Length; start += Channels)
        {
            ReadOnlySpan<float> pixel = values.Slice(start, Channels);
            for (int c = 0; c < pixel.Length; c++)
            {
                float value = pixel[c];
                Lowest[c] = Math.Min(Lowest[c], value);
                Highest[c] = Math.Max(Highest[c], value);
                Sums[c] += value;
                Squares[c] += (double)value * value;
                magnitudes[c] = Math.Max(magnitudes[c], Math.Abs(value));
            }
        }
    }
}
