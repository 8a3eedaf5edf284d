using System;
using Kernels.Quantization;

namespace Kernels.Models.Rounding;

/// <summary>
/// Rounds the weights of a layer so that its outputs are off least, rather than each weight by itself: one after the other, and what the ones before
/// have made wrong on typical inputs enters the next before it is rounded. That is the nearest-plane algorithm of Babai (1986) in the lattice of int8
/// weights, which GPTQ (Frantar et al., 2022) computes as well; scales stay as they are. What is left on average goes into the bias.
/// </summary>
internal static class LearnedRounding
{
    /// <summary>Rounds a layer's weights.</summary>
    /// <param name="moments">What they multiply.</param>
    /// <param name="nearest">The weights rounded one by one, with their scales.</param>
    /// <param name="settings">Type and range of their codes.</param>
    /// <param name="input">Scale and zero point of the layer's input.</param>
    public static QuantizedLayerWeights Of(LayerMoments moments, QuantizedLayerWeights nearest, ObserverSettings settings, QuantizationParameters input)
    {
        ReadOnlySpan<float> weights = moments.Layer.Weights.Weight.Data;
        WeightQuantization quantization = nearest.Weight.Quantization;
        sbyte[] codes = nearest.Weight.Data.ToArray();
        float[] bias = nearest.Bias.ToArray();
        var shifts = new double[moments.Layer.Spec.OutChannels];
        (double Lowest, double Highest) range = (settings.Lowest, settings.Highest);
        foreach (PatchMoments phase in moments.Phases)
        {
            var metric = new ErrorMetric(phase, isCentered: bias.Length > 0, input.Scale * (double)input.Scale / 12);
            double[] means = phase.Means();
            var places = new int[phase.Reader.Length];
            var errors = new double[places.Length];
            for (int output = phase.Reader.FirstOutput; output < phase.Reader.FirstOutput + phase.Reader.Outputs; output++)
            {
                phase.Reader.Places(output, places);
                (double scale, int zeroPoint) = (quantization[output].Scale, quantization[output].ZeroPoint);
                for (int j = 0; j < places.Length; j++)
                {
                    int place = places[metric.Order[j]];
                    double steps = weights[place] / scale;
                    double code = Math.Round(steps + ErrorMetric.Dot(metric.Row(j), errors.AsSpan(0, j))) + zeroPoint;
                    code = Math.Clamp(code, range.Lowest, range.Highest);
                    codes[place] = (sbyte)code;
                    errors[j] = steps - (code - zeroPoint);
                    shifts[output] += errors[j] * scale * means[metric.Order[j]];
                }
            }
        }

        // A bias is one for all phases of a transposed layer.
        int phases = moments.Phases.Count / moments.Layer.Spec.Groups;
        for (int output = 0; output < bias.Length; output++)
        {
            bias[output] += (float)(shifts[output] / phases);
        }

        return new QuantizedLayerWeights(new QuantizedWeight(nearest.Weight.Shape, codes, quantization), bias);
    }
}
