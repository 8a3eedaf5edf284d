using System;
using Kernels.Layers;

namespace Kernels.Generic;

/// <summary>What a convolution's parameters must fulfil before it is packed.</summary>
internal static class ConvolutionChecks
{
    /// <summary>Throws unless the parameters make a layer and the weights have its shape.</summary>
    public static void Check(ConvolutionSpec spec, Shape4 weight)
    {
        Positive(spec.InChannels, nameof(spec.InChannels));
        Positive(spec.OutChannels, nameof(spec.OutChannels));
        Positive(spec.Groups, nameof(spec.Groups));
        if (spec.InChannels % spec.Groups != 0 || spec.OutChannels % spec.Groups != 0)
        {
            throw new ArgumentException($"{spec.InChannels} input and {spec.OutChannels} output channels must both be divisible by {spec.Groups} groups.", nameof(spec));
        }

        CheckAxis("Height", spec.Kind, spec.KernelHeight, spec.StrideHeight, spec.PaddingHeight, spec.OutputPaddingHeight, spec.DilationHeight);
        CheckAxis("Width", spec.Kind, spec.KernelWidth, spec.StrideWidth, spec.PaddingWidth, spec.OutputPaddingWidth, spec.DilationWidth);
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
        int taps = spec.KernelHeight * spec.KernelWidth * (spec.InChannels / spec.Groups);
        if ((long)taps * byte.MaxValue * byte.MaxValue <= int.MaxValue)
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

    private static void CheckAxis(string axis, ConvolutionKind kind, int kernel, int stride, int padding, int outputPadding, int dilation)
    {
        Positive(kernel, "Kernel" + axis);
        Positive(stride, "Stride" + axis);
        Positive(dilation, "Dilation" + axis);
        if (padding < 0)
        {
            throw new ArgumentException($"Padding{axis} must be at least 0, but is {padding}.", "spec");
        }

        if (outputPadding < 0 || (kind == ConvolutionKind.Conv2d && outputPadding != 0) || (outputPadding > 0 && outputPadding >= Math.Max(stride, dilation)))
        {
            throw new ArgumentException($"OutputPadding{axis} must be at least 0 and smaller than stride or dilation, and 0 for Conv2d, but is {outputPadding}.", "spec");
        }
    }

    private static void Positive(int value, string name)
    {
        if (value < 1)
        {
            throw new ArgumentException($"{name} must be at least 1, but is {value}.", "spec");
        }
    }
}
