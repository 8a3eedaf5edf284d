using System;
using Kernels.Generic;

namespace Kernels.Layers;

/// <summary>Folds the layers behind a convolution into it: PyTorch's <c>fuse_modules</c>, also for ConvTranspose2d and groups.</summary>
public static class LayerFusion
{
    /// <summary>
    /// Folds a batch norm with running statistics: <c>w' = w * (weight * r)</c>, <c>b' = (b - mean) * r * weight + bias</c> with
    /// <c>r = 1 / sqrt(variance + epsilon)</c>, in float32, as PyTorch's <c>fuse_conv_bn_weights</c>.
    /// </summary>
    /// <param name="spec">Conv2d or ConvTranspose2d, without activation: a batch norm behind an activation cannot be folded.</param>
    /// <param name="weight">Its weights in PyTorch's order.</param>
    /// <param name="bias">Its bias; empty when it has none.</param>
    /// <param name="batchNorm">A batch norm with as many channels as the layer has outputs.</param>
    /// <returns>The layer that computes both, with bias.</returns>
    /// <exception cref="ArgumentException">Weights, bias or channels do not fit, or the layer has an activation.</exception>
    public static FusedConvolution FoldBatchNorm(ConvolutionSpec spec, FloatWeight weight, ReadOnlySpan<float> bias, BatchNormParameters batchNorm)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(batchNorm);
        ConvolutionChecks.Check(spec, weight.Shape);
        ConvolutionChecks.CheckBias(spec, bias.Length);
        if (batchNorm.Channels != spec.OutChannels)
        {
            throw new ArgumentException($"The layer has {spec.OutChannels} output channels, but the batch norm has {batchNorm.Channels}.", nameof(batchNorm));
        }

        if (spec.Activation != Activation.None)
        {
            throw new ArgumentException($"The layer ends with {spec.Activation}, and a batch norm behind an activation cannot be folded. Fold first, then fuse the activation.", nameof(spec));
        }

        var weights = new float[weight.Data.Length];
        var biases = new float[spec.OutChannels];
        for (int channel = 0; channel < biases.Length; channel++)
        {
            float inverse = batchNorm.InverseDeviation(channel);
            float factor = batchNorm.Weight[channel] * inverse;
            float centered = (bias.IsEmpty ? 0f : bias[channel]) - batchNorm.Mean[channel];
            float scaled = centered * inverse * batchNorm.Weight[channel];
            biases[channel] = scaled + batchNorm.Bias[channel];
            for (int ic = 0; ic < spec.InChannels / spec.Groups; ic++)
            {
                for (int ky = 0; ky < spec.KernelHeight; ky++)
                {
                    for (int kx = 0; kx < spec.KernelWidth; kx++)
                    {
                        int index = spec.WeightIndex(channel, ic, ky, kx);
                        weights[index] = weight.Data[index] * factor;
                    }
                }
            }
        }

        return new FusedConvolution(spec with { HasBias = true }, new FloatWeight(weight.Shape, weights), biases);
    }

    /// <summary>Fuses an activation into a layer's epilogue.</summary>
    /// <param name="spec">The layer, without activation.</param>
    /// <param name="activation">The activation behind it.</param>
    /// <param name="negativeSlope">Slope of <see cref="Activation.LeakyRelu"/> below zero.</param>
    /// <returns>The layer that computes both.</returns>
    /// <exception cref="ArgumentException">The layer already has an activation.</exception>
    public static ConvolutionSpec FuseActivation(ConvolutionSpec spec, Activation activation, float negativeSlope = 0.01f)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Activation == Activation.None
            ? spec with { Activation = activation, NegativeSlope = negativeSlope }
            : throw new ArgumentException($"The layer already ends with {spec.Activation}.", nameof(spec));
    }
}
