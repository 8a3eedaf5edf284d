using System.Collections.Generic;
using Kernels.Models;

namespace Kernels.Samples.Upscale;

/// <summary>Bytes of a network's weights and biases: as float32, and as int8 with a float32 scale for each output channel.</summary>
internal readonly record struct WeightBytes(long Float, long Int8)
{
    public static WeightBytes Of(IEnumerable<LayerWeights> weights, IEnumerable<ConvertedLayer> quantized)
    {
        long floats = 0;
        foreach (LayerWeights layer in weights)
        {
            floats += layer.Weight.Data.Length + layer.Bias.Length;
        }

        long bytes = 0;
        foreach (ConvertedLayer layer in quantized)
        {
            if (layer.Weights is { } int8)
            {
                bytes += int8.Weight.Data.Length + sizeof(float) * (int8.Bias.Length + int8.Weight.Quantization.Count);
            }
        }

        return new WeightBytes(sizeof(float) * floats, bytes);
    }
}
