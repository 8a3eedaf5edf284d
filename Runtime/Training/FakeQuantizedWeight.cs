using System;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Training;

/// <summary>The fake quantization of a layer's weights, and the int8 weights that it stands for.</summary>
internal sealed class FakeQuantizedWeight(ConvolutionSpec spec, FakeQuantize fakeQuantize)
{
    private readonly ChannelLayout _layout = WeightQuantizer.Layout(spec);

    public FakeQuantize FakeQuantize => fakeQuantize;

    /// <summary>Observes and rounds.</summary>
    public void Forward(ReadOnlySpan<float> weight, Span<float> rounded) => fakeQuantize.Forward(weight, _layout, rounded);

    /// <summary>The straight-through gradient, in place.</summary>
    public void Backward(ReadOnlySpan<float> weight, Span<float> gradient) => fakeQuantize.Backward(weight, gradient, _layout, gradient);

    /// <summary>The int8 weights, with the scales of the last forward pass.</summary>
    public QuantizedWeight Quantize(ReadOnlySpan<float> weight)
    {
        var codes = new sbyte[weight.Length];
        ReadOnlySpan<QuantizationParameters> parameters = fakeQuantize.Parameters;
        ObserverSettings settings = fakeQuantize.Observer.Settings;
        var rounded = new float[_layout.Inner];
        for (int start = 0; start < weight.Length; start += _layout.Inner)
        {
            QuantizationParameters block = parameters[parameters.Length == 1 ? 0 : _layout.ChannelOfBlock(start / _layout.Inner)];

            // Rounded values first: they keep to a narrower range of codes, if the settings ask for one.
            FakeQuantizer.Forward(weight.Slice(start, _layout.Inner), block, settings.Lowest, settings.Highest, rounded);
            Quantizer.Quantize(rounded, block, codes.AsSpan(start, _layout.Inner));
        }

        return new QuantizedWeight(spec.WeightShape, codes, Quantization);
    }

    /// <summary>Fills in what a product of codes needs, <c>code - zero_point</c>.</summary>
    public void Differences(QuantizedWeight weight, Span<float> differences)
    {
        for (int start = 0; start < differences.Length; start += _layout.Inner)
        {
            int zeroPoint = weight.Quantization[_layout.ChannelOfBlock(start / _layout.Inner)].ZeroPoint;
            ReadOnlySpan<sbyte> codes = weight.Data.Slice(start, _layout.Inner);
            for (int i = 0; i < codes.Length; i++)
            {
                differences[start + i] = codes[i] - zeroPoint;
            }
        }
    }

    private WeightQuantization Quantization
    {
        get
        {
            QuantizationParameters[] parameters = fakeQuantize.Parameters.ToArray();
            return fakeQuantize.Observer is IPerChannelObserver
                ? WeightQuantization.PerChannel(Array.ConvertAll(parameters, static p => p.Scale), Array.ConvertAll(parameters, static p => p.ZeroPoint))
                : new WeightQuantization(parameters[0]);
        }
    }
}
