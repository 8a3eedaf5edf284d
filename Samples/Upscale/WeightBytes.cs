using System.Collections.Generic;
using Kernels.Models;

namespace Kernels.Samples.Upscale;

/// <summary>Bytes of a network's weights and biases: as float32, and as int8 with a float32 scale for each output channel.</summary>
internal readonly record struct WeightBytes(long Float, long Int8)
{
    public static WeightBytes Of(IReadOnlyList<LayerWeights> weights, IReadOnlyList<QuantizedLayerWeights> quantized)
    {
        long floats = 0;
        foreach (LayerWeights layer in weights)
        {
            floats += layer.Weight.Data.Length + layer.Bias.Length;
        }

        long bytes = 0;
        foreach (QuantizedLayerWeights layer in quantized)
        {
            bytes += layer.Weight.Data.Length + sizeof(float) * (layer.Bias.Length + layer.Weight.Quantization.Count);
        }

        return new WeightBytes(sizeof(float) * floats, bytes);
    }
}
