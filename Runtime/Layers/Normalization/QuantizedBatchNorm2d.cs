using System;
using Kernels.Execution;
using Kernels.Generic;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// Batch norm of int8 activations: <c>torch.ao.nn.quantized.BatchNorm2d</c>, with running statistics. In float32, with the deviation
/// <c>d = sqrt(variance + epsilon)</c>: <c>round_half_even((code - zx) * (weight / d * (sx / so)) + (bias - mean / d * weight) / so) + zo</c>.
/// A batch norm behind a convolution is better folded into it: see <see cref="LayerFusion"/>.
/// </summary>
public sealed class QuantizedBatchNorm2d : QuantizedLayer
{
    private readonly BatchNormParameters _parameters;
    private readonly CodeConstants<FoldedAffineJoin> _constants;

    /// <summary>Makes the layer.</summary>
    /// <param name="parameters">Statistics, weight and bias of each channel.</param>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <exception cref="ArgumentOutOfRangeException">Scales or zero points are not quint8's.</exception>
    public QuantizedBatchNorm2d(BatchNormParameters parameters, QuantizationParameters input, QuantizationParameters output)
        : this(parameters, input, output, null)
    {
    }

    /// <summary>The same on vectors of a given width.</summary>
    internal QuantizedBatchNorm2d(BatchNormParameters parameters, QuantizationParameters input, QuantizationParameters output, LaneTier? tier)
        : base(input, output)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = parameters;
        var alpha = new float[parameters.Channels];
        var beta = new float[parameters.Channels];
        float ratio = input.Scale / output.Scale;
        for (int c = 0; c < alpha.Length; c++)
        {
            float inverse = parameters.InverseDeviation(c);
            float scale = inverse * parameters.Weight[c];
            alpha[c] = scale * ratio;
            float shift = parameters.Mean[c] * inverse * parameters.Weight[c];
            beta[c] = (parameters.Bias[c] - shift) / output.Scale;
        }

        double most = 255 * CodeConstants.Largest(alpha) + CodeConstants.Largest(beta);
        _constants = new CodeConstants<FoldedAffineJoin>(input, output, 1f, alpha, beta, most, tier);
    }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => _parameters.Checked(input);

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) => _constants.Run(input, output);
}
