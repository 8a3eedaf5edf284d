using System;
using Kernels.Layers;

namespace Kernels.Models.Balancing;

/// <summary>Weights that take scales of channels in.</summary>
internal static class ScaledWeights
{
    /// <summary>Weights that read input channels divided by scales, and make output channels divided by others.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="inputs">Scales of the input's channels: powers of two, so that no weight is rounded.</param>
    /// <param name="outputs">Scales of the output's channels: powers of two.</param>
    public static LayerWeights Of(ConvolutionSpec spec, LayerWeights weights, float[] inputs, float[] outputs)
    {
        float[] scaled = weights.Weight.Data.ToArray();
        float[] bias = weights.Bias.ToArray();
        int groupInputs = spec.InChannels / spec.Groups;
        int groupOutputs = spec.OutChannels / spec.Groups;
        for (int output = 0; output < spec.OutChannels; output++)
        {
            for (int input = 0; input < groupInputs; input++)
            {
                float factor = inputs[output / groupOutputs * groupInputs + input] / outputs[output];
                foreach (ref float weight in scaled.AsSpan(spec.WeightIndex(output, input, 0, 0), spec.KernelHeight * spec.KernelWidth))
                {
                    weight *= factor;
                }
            }

            if (bias.Length > 0)
            {
                bias[output] /= outputs[output];
            }
        }

        return new LayerWeights(new FloatWeight(weights.Weight.Shape, scaled), bias);
    }

    /// <summary>A batch norm that makes output channels divided by scales.</summary>
    /// <param name="batchNorm">The batch norm.</param>
    /// <param name="outputs">Scales of the channels: powers of two.</param>
    public static BatchNormParameters Of(BatchNormParameters batchNorm, float[] outputs)
    {
        float[] weight = batchNorm.Weight.ToArray();
        float[] bias = batchNorm.Bias.ToArray();
        for (int channel = 0; channel < weight.Length; channel++)
        {
            weight[channel] /= outputs[channel];
            bias[channel] /= outputs[channel];
        }

        return new BatchNormParameters(batchNorm.Mean, batchNorm.Variance, weight, bias, batchNorm.Epsilon);
    }
}
