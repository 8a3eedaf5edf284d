using System;
using System.Linq;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Onnx.Lowering;

/// <summary>Folds <c>y * scale + shift</c> into what makes y, where that is a layer with weights or an affine itself.</summary>
internal static class AffineFolding
{
    /// <summary>The operation that does both; null when there is none.</summary>
    public static Operation? Fold(Operation before, float[] scale, float[] shift)
    {
        if (before.Affine is { } affine && (affine.Channels == 1 || scale.Length == 1 || affine.Channels == scale.Length))
        {
            int channels = Math.Max(affine.Channels, Math.Max(scale.Length, shift.Length));
            float[] folded = [.. Enumerable.Range(0, channels).Select(c => affine.Scale[c % affine.Channels] * scale[c % scale.Length])];
            float[] sum = [.. Enumerable.Range(0, channels).Select(c => affine.Shift[c % affine.Channels] * scale[c % scale.Length] + shift[c % shift.Length])];
            return Array.TrueForAll(folded, float.IsFinite) && Array.TrueForAll(sum, float.IsFinite) ? Operations.Affine(new AffineParameters(folded, sum)) : null;
        }

        return before is { Spec: { Activation: Activation.None } spec, Weights: { } weights } ? Fold(before, spec, weights, scale, shift) : null;
    }

    private static Operation? Fold(Operation before, ConvolutionSpec spec, LayerWeights weights, float[] scale, float[] shift)
    {
        int channels = spec.OutChannels;
        if ((scale.Length != 1 && scale.Length != channels) || (shift.Length != 1 && shift.Length != channels))
        {
            return null;
        }

        float[] data = weights.Weight.Data.ToArray();
        ChannelLayout layout = WeightQuantizer.Layout(spec);
        for (int i = 0; i < data.Length; i++)
        {
            data[i] *= scale[layout.ChannelOfBlock(i / layout.Inner) % scale.Length];
        }

        var bias = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            bias[c] = (weights.Bias.IsEmpty ? 0f : weights.Bias[c]) * scale[c % scale.Length] + shift[c % shift.Length];
        }

        bool hasBias = spec.HasBias || Array.Exists(shift, static v => v != 0);
        var folded = new LayerWeights(new FloatWeight(weights.Weight.Shape, data), hasBias ? bias : null);
        return before.Function == "Linear" ? Operations.Linear(folded) : Operations.Convolution(spec with { HasBias = hasBias }, folded);
    }
}
