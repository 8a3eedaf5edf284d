using System;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Training;

/// <summary>
/// A batch norm that is folded into a convolution's weights before they are rounded: each channel's weights are multiplied by
/// <c>factor = weight / sqrt(running_var + eps)</c>. While the batch norm uses the statistics of batches, the sums are divided by the factor
/// again before it sees them, as in PyTorch's <c>ConvBn2d</c>; frozen, the layer is the folded one.
/// </summary>
internal sealed class BatchNormFolding(ConvolutionSpec spec, TrainableBatchNorm2d batchNorm, Parameter weight, Parameter bias)
{
    private readonly ChannelLayout _layout = WeightQuantizer.Layout(spec);
    private readonly float[] _factors = new float[spec.OutChannels];
    private readonly float[] _inverses = new float[spec.OutChannels];
    private readonly double[] _factorGradients = new double[spec.OutChannels];
    private readonly TensorBuffer _unscaled = new();

    /// <summary>The layer with the running statistics folded in.</summary>
    public FusedConvolution ToFloat()
    {
        ConvolutionSpec linear = spec with { Activation = Activation.None };
        return LayerFusion.FoldBatchNorm(linear, new FloatWeight(spec.WeightShape, weight.Array), bias.Values, batchNorm.ToParameters()) with { Spec = spec };
    }

    /// <summary>Computes the factors of this forward pass, and the scaled weights.</summary>
    public void Scale(Span<float> scaled)
    {
        BatchNormParameters parameters = batchNorm.ToParameters();
        for (int c = 0; c < _factors.Length; c++)
        {
            _inverses[c] = parameters.InverseDeviation(c);
            float factor = parameters.Weight[c] * _inverses[c];

            // Sums cannot be divided by 0 again; the batch norm makes the channel constant, whatever the weights.
            _factors[c] = factor == 0 && !batchNorm.IsFrozen ? 1 : factor;
        }

        for (int i = 0; i < scaled.Length; i++)
        {
            scaled[i] = weight.Values[i] * _factors[_layout.ChannelOfBlock(i / _layout.Inner)];
        }
    }

    /// <summary>Not frozen: what the batch norm makes of the sums of the scaled weights.</summary>
    public void Normalize(FloatTensor sums, FloatTensor output)
    {
        var inverses = new float[_factors.Length];
        var offsets = new float[_factors.Length];
        for (int c = 0; c < inverses.Length; c++)
        {
            inverses[c] = 1 / _factors[c];
            offsets[c] = bias.Values[c] * _factors[c];
        }

        FloatTensor unscaled = _unscaled.Take(sums.Shape);
        SimulatedEpilogue.Real(sums.Data, offsets, inverses, unscaled.Data);
        batchNorm.Forward(unscaled).Data.CopyTo(output.Data);
    }

    /// <summary>Not frozen: the gradient by the sums that <see cref="Normalize"/> was given.</summary>
    public FloatTensor NormalizeBackward(FloatTensor sums, FloatTensor gradient)
    {
        FloatTensor unscaled = batchNorm.Backward(gradient);
        var biasGradient = new double[_factors.Length];
        ChannelSums.Of(unscaled.Data, biasGradient);
        for (int c = 0; c < _factors.Length; c++)
        {
            bias.Gradient[c] += (float)biasGradient[c];
            _factorGradients[c] = 0;
        }

        Span<float> values = unscaled.Data;
        ReadOnlySpan<float> undivided = sums.Data;
        for (int i = 0; i < values.Length; i += _factors.Length)
        {
            for (int c = 0; c < _factors.Length; c++)
            {
                values[i + c] /= _factors[c];
                _factorGradients[c] -= (double)values[i + c] * undivided[i + c] / _factors[c];
            }
        }

        return unscaled;
    }

    /// <summary>Frozen: the folded bias is <c>(bias - mean) * factor + offset</c>.</summary>
    public void FoldedBiasBackward(ReadOnlySpan<double> gradient)
    {
        ReadOnlySpan<float> mean = batchNorm.ToParameters().Mean;
        for (int c = 0; c < _factors.Length; c++)
        {
            bias.Gradient[c] += (float)(gradient[c] * _factors[c]);
            batchNorm.Bias.Gradient[c] += (float)gradient[c];
            _factorGradients[c] = gradient[c] * ((double)bias.Values[c] - mean[c]);
        }
    }

    /// <summary>The gradient by the weights and, through the factors, by the batch norm's; after one of the two before.</summary>
    public void ScaleBackward(ReadOnlySpan<float> gradient)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            int channel = _layout.ChannelOfBlock(i / _layout.Inner);
            weight.Gradient[i] += gradient[i] * _factors[channel];
            _factorGradients[channel] += (double)gradient[i] * weight.Values[i];
        }

        for (int c = 0; c < _factors.Length; c++)
        {
            batchNorm.Weight.Gradient[c] += (float)(_factorGradients[c] * _inverses[c]);
        }
    }
}
