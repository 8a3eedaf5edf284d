using System;
using Kernels.Layers;
using Kernels.Models.Nodes;

namespace Kernels.Models.Balancing;

/// <summary>
/// What rounding costs the readers of a value, for given scales of its channels, without running anything. A code is off by a uniform
/// error of variance step² / 12. For an output o of a convolution with weights W, steps s·r[c] of the input's channels and steps w[o] of the
/// weights, errors being independent:
/// <code>
/// noise[o]  = Σ_c (s·r[c])² / 12 · Σ_k W[o,c,k]²  +  w[o]² / 12 · Σ_c K · E[x_c²] / r[c]²       w[o] = max |W[o,c,k]·r[c]| / 127
/// signal[o] = Σ_c E[x_c²] · Σ_k W[o,c,k]²
/// </code>
/// The first term is why small channels want small steps, the second why weights do not want them all: what leaves the activation enters the
/// weights, whose largest sets the step of all. The cost is the mean over outputs of log2(1 + noise / signal), in bits.
/// </summary>
internal static class RoundingNoise
{
    private const int Codes = byte.MaxValue;
    private const int WeightCodes = sbyte.MaxValue;

    /// <summary>The cost for all readers of a value.</summary>
    /// <param name="nodes">The model.</param>
    /// <param name="value">The value.</param>
    /// <param name="statistics">What was seen of it.</param>
    /// <param name="scales">Scales of its channels.</param>
    public static double Of(ModelNode[] nodes, int value, ChannelStatistics statistics, float[] scales)
    {
        double step = Step(statistics, scales);
        double cost = 0;
        foreach (ModelNode node in nodes)
        {
            for (int i = 0; i < node.Inputs.Length; i++)
            {
                if (node.Inputs[i] == value)
                {
                    cost += i == 0 && node.Layer is WeightedModule layer ? OfConvolution(layer, statistics, scales, step) : OfChannels(statistics, scales, step);
                }
            }
        }

        return cost;
    }

    /// <summary>The step of a tensor whose channels are divided by scales.</summary>
    private static double Step(ChannelStatistics statistics, float[] scales)
    {
        double lowest = 0;
        double highest = 0;
        for (int channel = 0; channel < scales.Length; channel++)
        {
            lowest = Math.Min(lowest, statistics.Lowest[channel] / scales[channel]);
            highest = Math.Max(highest, statistics.Highest[channel] / scales[channel]);
        }

        return (highest - lowest) / Codes;
    }

    private static double OfConvolution(WeightedModule layer, ChannelStatistics statistics, float[] scales, double step)
    {
        ConvolutionSpec spec = layer.Spec;
        ReadOnlySpan<float> weights = layer.Weights.Weight.Data;
        int groupInputs = spec.InChannels / spec.Groups;
        int groupOutputs = spec.OutChannels / spec.Groups;
        int taps = spec.KernelHeight * spec.KernelWidth;
        double cost = 0;
        for (int output = 0; output < spec.OutChannels; output++)
        {
            double largest = 0;
            double signal = 0;
            double noise = 0;
            double read = 0;
            for (int input = 0; input < groupInputs; input++)
            {
                int channel = output / groupOutputs * groupInputs + input;
                double squares = 0;
                double most = 0;
                foreach (float weight in weights.Slice(spec.WeightIndex(output, input, 0, 0), taps))
                {
                    squares += (double)weight * weight;
                    most = Math.Max(most, Math.Abs(weight));
                }

                double scale = scales[channel];
                double power = statistics.MeanSquare(channel);
                largest = Math.Max(largest, most * scale);
                signal += power * squares;
                noise += Squared(step * scale) / 12 * squares;
                read += power / (scale * scale) * taps;
            }

            noise += Squared(largest / WeightCodes) / 12 * read;
            cost += Bits(noise, signal);
        }

        return cost / spec.OutChannels;
    }

    // A reader that computes each channel by itself.
    private static double OfChannels(ChannelStatistics statistics, float[] scales, double step)
    {
        double cost = 0;
        for (int channel = 0; channel < scales.Length; channel++)
        {
            cost += Bits(Squared(step * scales[channel]) / 12, statistics.MeanSquare(channel));
        }

        return cost / scales.Length;
    }

    private static double Bits(double noise, double signal) => noise == 0 ? 0 : signal == 0 ? 1 : Math.Min(1, Math.Log2(1 + noise / signal));

    private static double Squared(double value) => value * value;
}
