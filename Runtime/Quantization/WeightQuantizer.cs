using System;
using Kernels.Layers;

namespace Kernels.Quantization;

/// <summary>Quantizes float weights to qint8, per tensor or per output channel.</summary>
public static class WeightQuantizer
{
    /// <summary>
    /// Quantizes weights with PyTorch's default weight observers: symmetric, scale <c>max(-min, max) / 127.5</c>, zero point 0.
    /// Per channel counts output channels across groups, also for transposed layers.
    /// </summary>
    /// <param name="weight">Weights in the layer's shape, all finite.</param>
    /// <param name="spec">The layer; its <see cref="ConvolutionSpec.WeightScheme"/> says how many scales there are.</param>
    /// <returns>The codes with their scales.</returns>
    /// <exception cref="ArgumentException">The weights do not have the layer's shape, or hold NaN or infinity.</exception>
    public static QuantizedWeight Quantize(FloatWeight weight, ConvolutionSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Quantize(weight, spec, spec.WeightScheme == WeightScheme.PerChannel
            ? new PerChannelMinMaxObserver(settings: ObserverSettings.Weight)
            : new MinMaxObserver(ObserverSettings.Weight));
    }

    /// <summary>Quantizes weights with the scales of an observer, which observes them first unless it has observed before.</summary>
    /// <param name="weight">Weights in the layer's shape, all finite.</param>
    /// <param name="spec">The layer.</param>
    /// <param name="observer">An observer of qint8; per channel when it is an <see cref="IPerChannelObserver"/>.</param>
    /// <returns>The codes with their scales.</returns>
    /// <exception cref="ArgumentException">
    /// The weights do not have the layer's shape, or hold NaN or infinity, or the observer is not one of qint8.
    /// </exception>
    public static QuantizedWeight Quantize(FloatWeight weight, ConvolutionSpec spec, IObserver observer)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(observer);
        if (weight.Shape != spec.WeightShape)
        {
            throw new ArgumentException($"The layer has weights {spec.WeightShape}, but these are {weight.Shape}.", nameof(weight));
        }

        if (observer.Settings.Dtype != QuantizedDtype.Qint8)
        {
            throw new ArgumentException("Weights are qint8: give their observer that type.", nameof(observer));
        }

        // A fixed or already fed observer keeps its scales, as in fine-tuning.
        ChannelLayout layout = Layout(spec);
        if (observer is IPerChannelObserver perChannel)
        {
            if (!perChannel.HasObserved)
            {
                perChannel.Observe(weight.Data, layout);
            }

            return Quantize(weight, layout, perChannel.CalculateChannelQuantizationParameters(), isPerChannel: true);
        }

        if (!observer.HasObserved)
        {
            observer.Observe(weight.Data);
        }

        return Quantize(weight, layout, [observer.CalculateQuantizationParameters()], isPerChannel: false);
    }

    /// <summary>Restores float weights.</summary>
    /// <param name="weight">Codes with their scales, in the layer's shape.</param>
    /// <param name="spec">The layer.</param>
    /// <returns>New weights, <c>(code - zero_point) * scale</c>.</returns>
    /// <exception cref="ArgumentException">The weights do not have the layer's shape.</exception>
    public static FloatWeight Dequantize(QuantizedWeight weight, ConvolutionSpec spec)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(spec);
        if (weight.Shape != spec.WeightShape)
        {
            throw new ArgumentException($"The layer has weights {spec.WeightShape}, but these are {weight.Shape}.", nameof(weight));
        }

        var data = new float[weight.Data.Length];
        ChannelLayout layout = Layout(spec);
        for (int block = 0; block < data.Length / layout.Inner; block++)
        {
            int start = block * layout.Inner;
            Quantizer.Dequantize(weight.Data.Slice(start, layout.Inner), weight.Quantization[layout.ChannelOfBlock(block)], data.AsSpan(start, layout.Inner));
        }

        return new FloatWeight(weight.Shape, data);
    }

    /// <summary>Where a layer's weights have their output channels: dimension 0 of Conv2d, dimension 1 and the group of ConvTranspose2d.</summary>
    /// <param name="spec">The layer.</param>
    /// <returns>The layout of its weights.</returns>
    public static ChannelLayout Layout(ConvolutionSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        int taps = spec.KernelHeight * spec.KernelWidth;
        return spec.Kind == ConvolutionKind.Conv2d
            ? new ChannelLayout(1, 1, spec.OutChannels, spec.InChannels / spec.Groups * taps)
            : new ChannelLayout(spec.Groups, spec.InChannels / spec.Groups, spec.OutChannels / spec.Groups, taps);
    }

    private static QuantizedWeight Quantize(FloatWeight weight, ChannelLayout layout, QuantizationParameters[] parameters, bool isPerChannel)
    {
        if (isPerChannel && parameters.Length != layout.Channels)
        {
            throw new ArgumentException($"The layer has {layout.Channels} output channels, but the observer has {parameters.Length} scales.");
        }

        var data = new sbyte[weight.Data.Length];
        if (!isPerChannel)
        {
            Quantizer.Quantize(weight.Data, parameters[0], data);
            return new QuantizedWeight(weight.Shape, data, new WeightQuantization(parameters[0]));
        }

        for (int block = 0; block < data.Length / layout.Inner; block++)
        {
            int start = block * layout.Inner;
            Quantizer.Quantize(weight.Data.Slice(start, layout.Inner), parameters[layout.ChannelOfBlock(block)], data.AsSpan(start, layout.Inner));
        }

        return new QuantizedWeight(weight.Shape, data, WeightQuantization.PerChannel(
            Array.ConvertAll(parameters, static p => p.Scale),
            Array.ConvertAll(parameters, static p => p.ZeroPoint)));
    }
}
