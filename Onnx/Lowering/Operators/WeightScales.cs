using System;
using Kernels.Layers;
using Kernels.Onnx.Graphs;
using Kernels.Quantization;

namespace Kernels.Onnx.Lowering.Operators;

/// <summary>Scales of weights that a file holds as int8.</summary>
internal static class WeightScales
{
    /// <summary>The scales as a layer has them; null when the weights are not held so.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="weight">Its weights, in PyTorch's order of axes.</param>
    /// <exception cref="LoweringException">There are several scales, and not one for each output channel.</exception>
    public static WeightQuantization? Of(ConvolutionSpec spec, OnnxTensor weight)
    {
        if (weight.Quantization is not { IsInt32: false } quantization)
        {
            return null;
        }

        if (quantization.IsPerTensor)
        {
            return new WeightQuantization(new QuantizationParameters(quantization.Scales[0], quantization.ZeroPoints[0]));
        }

        int axis = spec.Kind == ConvolutionKind.Conv2d ? 0 : 1;
        if (quantization.Axis != axis || quantization.Scales.Length != spec.OutChannels)
        {
            throw new LoweringException($"its weights have {quantization.Scales.Length} scales along axis {quantization.Axis}: one for all or one for each output channel are supported");
        }

        return WeightQuantization.PerChannel(quantization.Scales, quantization.ZeroPoints);
    }

    /// <summary>Throws unless the bias is in units of the sums: ONNX Runtime adds its codes to them, whatever scale the file gives them.</summary>
    /// <param name="name">The layer, for the message.</param>
    /// <param name="bias">Scales of the int32 bias, one or one for each output channel.</param>
    /// <param name="input">Scale of the input.</param>
    /// <param name="weights">Scales of the weights.</param>
    /// <exception cref="OnnxFormatException">A scale is another.</exception>
    public static void CheckBias(string name, float[] bias, QuantizationParameters input, WeightQuantization weights)
    {
        for (int channel = 0; channel < Math.Max(bias.Length, weights.Count); channel++)
        {
            float given = bias[bias.Length == 1 ? 0 : channel];
            float expected = input.Scale * weights[channel].Scale;
            if (!(MathF.Abs(given - expected) <= 1e-3f * expected))
            {
                throw new OnnxFormatException($"The bias of {name} has the scale {given} in channel {channel}, but input and weights make {expected}: int32 biases are in units of their products.");
            }
        }
    }

    /// <summary>The codes that float weights were made of.</summary>
    public static QuantizedWeight Codes(ConvolutionSpec spec, FloatWeight weight, WeightQuantization scales)
    {
        var codes = new sbyte[weight.Data.Length];
        ChannelLayout layout = WeightQuantizer.Layout(spec);
        for (int block = 0; block < codes.Length / layout.Inner; block++)
        {
            int start = block * layout.Inner;
            Quantizer.Quantize(weight.Data.Slice(start, layout.Inner), scales[layout.ChannelOfBlock(block)], codes.AsSpan(start, layout.Inner));
        }

        return new QuantizedWeight(weight.Shape, codes, scales);
    }
}
