using System;
using Kernels.Execution;
using Kernels.Generic;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary><c>x * scale + shift</c> on int8 activations, with constants for all channels or for each: dequantized, computed in float32 and quantized.</summary>
public sealed class QuantizedAffine : QuantizedLayer
{
    private readonly CodeConstants<AffineJoin> _constants;

    /// <summary>Makes the layer.</summary>
    /// <param name="parameters">The constants.</param>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedAffine(AffineParameters parameters, QuantizationParameters input, QuantizationParameters output)
        : this(parameters, input, output, null)
    {
    }

    /// <summary>The same on vectors of a given width.</summary>
    internal QuantizedAffine(AffineParameters parameters, QuantizationParameters input, QuantizationParameters output, LaneTier? tier)
        : base(input, output)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = parameters;
        double mostReal = 255.0 * input.Scale * CodeConstants.Largest(parameters.Scale) + CodeConstants.Largest(parameters.Shift);
        _constants = new CodeConstants<AffineJoin>(input, output, 1f / output.Scale, parameters.Scale, parameters.Shift, mostReal / output.Scale, tier);
    }

    /// <summary>The constants.</summary>
    public AffineParameters Parameters { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => ChannelConstants.Check(Parameters.Channels, input);

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) => _constants.Run(input, output);
}
