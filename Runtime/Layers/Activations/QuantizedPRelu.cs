using System;
using Kernels.Execution;
using Kernels.Generic;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>PReLU on int8 activations: <c>x &gt; 0 ? x : x * weight</c> in float32, with float weights.</summary>
public sealed class QuantizedPRelu : QuantizedLayer
{
    private readonly CodeConstants<SlopeJoin> _constants;
    private readonly int _channels;

    /// <summary>Makes the layer.</summary>
    /// <param name="weight">Finite factors for values below zero: one for all channels, or one a channel.</param>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <exception cref="ArgumentException">There is no factor, or one is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedPRelu(ReadOnlySpan<float> weight, QuantizationParameters input, QuantizationParameters output)
        : this(weight, input, output, null)
    {
    }

    /// <summary>The same on vectors of a given width.</summary>
    internal QuantizedPRelu(ReadOnlySpan<float> weight, QuantizationParameters input, QuantizationParameters output, LaneTier? tier)
        : base(input, output)
    {
        float[] slopes = ChannelConstants.Copy(weight, nameof(weight));
        _channels = slopes.Length;
        double most = 255.0 * input.Scale * Math.Max(1, CodeConstants.Largest(slopes)) / output.Scale;
        _constants = new CodeConstants<SlopeJoin>(input, output, 1f / output.Scale, slopes, default, most, tier);
    }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => ChannelConstants.Check(_channels, input);

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) => _constants.Run(input, output);
}
