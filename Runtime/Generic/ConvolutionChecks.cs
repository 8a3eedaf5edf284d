using System;
using Kernels.Layers;

namespace Kernels.Generic;

/// <summary>What a convolution's parameters must fulfil before it is packed.</summary>
internal static class ConvolutionChecks
{
    /// <summary>Throws unless the parameters make a layer and the weights have its shape.</summary>
    public static void Check(ConvolutionSpec spec, Shape4 weight)
    {
        if (spec.InChannels % spec.Groups != 0 || spec.OutChannels % spec.Groups != 0)
        {
            throw new ArgumentException($"{spec.InChannels} input and {spec.OutChannels} output channels must both be divisible by {spec.Groups} groups.", nameof(spec));
        }

        CheckAxis("Height", spec.Vertical, spec.IsTransposed);
        CheckAxis("Width", spec.Horizontal, spec.IsTransposed);
        CheckCount("taps", (long)spec.KernelHeight * spec.KernelWidth, Limits.Taps);
        CheckCount("output phases", spec.IsTransposed ? (long)spec.StrideHeight * spec.StrideWidth : 1, Limits.Phases);
        CheckCount("weights", (Int128)(spec.InChannels / spec.Groups) * spec.OutChannels * spec.KernelHeight * spec.KernelWidth, Limits.Elements);
        if (spec.Activation != Activation.None && !spec.Epilogue.IsNone)
        {
            throw new ArgumentException($"A layer ends with an activation or with an epilogue, but this has {spec.Activation} and {spec.Epilogue}: name the activation among the functions.", nameof(spec));
        }

        if (weight != spec.WeightShape)
        {
            throw new ArgumentException($"The layer's weights have the shape {spec.WeightShape}, but got {weight}.", nameof(weight));
        }
    }

    /// <summary>Throws unless there is a bias for each output channel, or none for a layer without.</summary>
    public static void CheckBias(ConvolutionSpec spec, int length)
    {
        if (length != (spec.HasBias ? spec.OutChannels : 0))
        {
            throw new ArgumentException(
                $"The layer expects {(spec.HasBias ? $"a bias for each of its {spec.OutChannels} output channels" : "no bias")}, but got {length} values.",
                "bias");
        }
    }

    /// <summary>Throws when a sum of products could leave int32.</summary>
    public static void CheckAccumulator(ConvolutionSpec spec, QuantizedWeight weight)
    {
        long products = (long)spec.KernelHeight * spec.KernelWidth * (spec.InChannels / spec.Groups);
        if (products <= Limits.ProductsWithWeightZeroPoint)
        {
            return;
        }

        for (int channel = 0; channel < spec.OutChannels; channel++)
        {
            long sum = 0;
            int zero = weight.Quantization[channel].ZeroPoint;
            for (int ic = 0; ic < spec.InChannels / spec.Groups; ic++)
            {
                for (int ky = 0; ky < spec.KernelHeight; ky++)
                {
                    for (int kx = 0; kx < spec.KernelWidth; kx++)
                    {
                        sum += Math.Abs(weight.Data[spec.WeightIndex(channel, ic, ky, kx)] - zero);
                    }
                }
            }

            if (sum * byte.MaxValue > int.MaxValue)
            {
                throw new ArgumentException($"The sum of output channel {channel} could overflow int32. Use fewer input channels, more groups or a smaller kernel.", nameof(weight));
            }
        }
    }

    private static void CheckAxis(string name, AxisSpec axis, bool isTransposed)
    {
        if (!isTransposed)
        {
            SpecNumber.Check(axis.Padding, 0, Limits.Padding, "Padding" + name);
        }

        if (!axis.HasValidOutputPadding(isTransposed))
        {
            throw new ArgumentException($"OutputPadding{name} must be at least 0 and smaller than stride or dilation, and 0 for Conv2d, but is {axis.OutputPadding}.", "spec");
        }
    }

    private static void CheckCount(string what, Int128 count, int max)
    {
        if (count > max)
        {
            throw new ArgumentException($"The layer has {count} {what}, but must have no more than {max}.", "spec");
        }
    }
}
