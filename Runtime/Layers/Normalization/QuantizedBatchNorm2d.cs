using System;
using System.Buffers;
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
    private readonly ChannelAffine _affine;

    /// <summary>Makes the layer.</summary>
    /// <param name="parameters">Statistics, weight and bias of each channel.</param>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <exception cref="ArgumentOutOfRangeException">Scales or zero points are not quint8's.</exception>
    public QuantizedBatchNorm2d(BatchNormParameters parameters, QuantizationParameters input, QuantizationParameters output)
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

        _affine = new ChannelAffine(alpha, beta);
    }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => _parameters.Checked(input);

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to)
    {
        var raw = new QuantizationParameters(1f, InputQuantization.ZeroPoint);
        var steps = new QuantizationParameters(1f, OutputQuantization.ZeroPoint);
        float[] values = ArrayPool<float>.Shared.Rent(_affine.Block);
        for (int i = 0; i < input.Length; i += _affine.Block)
        {
            int count = Math.Min(_affine.Block, input.Length - i);
            Span<float> block = values.AsSpan(0, count);
            Quantizer.Dequantize(input.Slice(i, count), raw, block);
            _affine.Apply(block, block);
            Quantizer.Quantize(block, steps, output.Slice(i, count));
        }

        ArrayPool<float>.Shared.Return(values);
    }
}
