using System;
using Kernels.Layers;
using Kernels.Models.Balancing;
using Kernels.Models.Nodes;
using Kernels.Quantization;

namespace Kernels.Models;

/// <content>Pooling.</content>
public static partial class Modules
{
    /// <summary>Maximum of a window.</summary>
    /// <param name="spec">The window.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">The parameters do not make a layer.</exception>
    public static Module MaxPool2d(PoolingSpec spec) => new SharingModule("MaxPool2d", Pooling(spec), new FloatMaxPool2d(spec), q => new QuantizedMaxPool2d(spec, q)) { Ties = ChannelTieRules.Same };

    /// <summary>Mean of a window.</summary>
    /// <param name="spec">The window.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">The parameters do not make a layer.</exception>
    public static Module AvgPool2d(PoolingSpec spec) =>
        Averaging("AvgPool2d", Pooling(spec), new FloatAvgPool2d(spec), (input, output) => new QuantizedAvgPool2d(spec, input, output, epilogue: null));

    /// <summary>Mean of each channel over the whole image: PyTorch's <c>AdaptiveAvgPool2d(1)</c>.</summary>
    /// <returns>The layer.</returns>
    public static Module GlobalAvgPool2d() => AdaptiveAvgPool2d(AdaptivePoolingSpec.Global);

    /// <summary>Means of as many windows as the output has pixels.</summary>
    /// <param name="spec">Size of the output.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">A size is below 1.</exception>
    public static Module AdaptiveAvgPool2d(AdaptivePoolingSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ModuleArguments arguments = new ModuleArguments().With("output_height", spec.Height ?? 0).With("output_width", spec.Width ?? 0);
        return spec == AdaptivePoolingSpec.Global
            ? Averaging("AdaptiveAvgPool2d", arguments, new FloatGlobalAvgPool2d(), static (input, output) => new QuantizedGlobalAvgPool2d(input, output, epilogue: null))
            : Averaging("AdaptiveAvgPool2d", arguments, new FloatAdaptiveAvgPool2d(spec), (input, output) => new QuantizedAdaptiveAvgPool2d(spec, input, output, epilogue: null));
    }

    /// <summary>Mean over axes, which stay with size 1: <c>torch.mean(x, dim, keepdim=True)</c>.</summary>
    /// <param name="spec">The axes.</param>
    /// <returns>The layer.</returns>
    public static Module Mean(MeanSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ModuleArguments arguments = new ModuleArguments().With("channels", spec.Channels).With("rows", spec.Rows).With("columns", spec.Columns);
        return Averaging("Mean", arguments, new FloatMean(spec), (input, output) => new QuantizedMean(spec, input, output, epilogue: null), spec.Channels);
    }

    // Means round anyway, to the input's scale or to another one.
    private static SharingModule Averaging(
        string type, ModuleArguments arguments, FloatLayer layer, Func<QuantizationParameters, QuantizationParameters, IQuantizedLayer> quantized, bool joinsChannels = false) =>
        new(type, arguments, layer, q => quantized(q, q))
        {
            Requantizing = quantized,
            Channels = channels => joinsChannels ? 1 : channels,
            Ties = joinsChannels ? null : ChannelTieRules.Same,
        };

    private static ModuleArguments Pooling(PoolingSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new ModuleArguments()
            .With("kernel_height", spec.KernelHeight)
            .With("kernel_width", spec.KernelWidth)
            .With("stride_height", spec.StrideHeight)
            .With("stride_width", spec.StrideWidth)
            .With("padding_height", spec.PaddingHeight)
            .With("padding_width", spec.PaddingWidth)
            .With("dilation_height", spec.DilationHeight)
            .With("dilation_width", spec.DilationWidth)
            .With("ceil_mode", spec.CeilMode)
            .With("count_include_pad", spec.CountIncludePad)
            .With("divisor_override", spec.DivisorOverride);
    }
}
