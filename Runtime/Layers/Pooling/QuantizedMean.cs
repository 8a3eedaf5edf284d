using System;
using System.Buffers;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>Mean of int8 activations over axes: exact sums, with the rounding of <see cref="QuantizedAvgPool2d"/>.</summary>
public sealed class QuantizedMean : QuantizedLayer
{
    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="spec">The axes.</param>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedMean(MeanSpec spec, QuantizationParameters quantization)
        : base(quantization, quantization)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
    }

    /// <summary>The axes.</summary>
    public MeanSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to)
    {
        if (!Spec.Channels)
        {
            AveragePooling.Run(AdaptiveWindows.Instance, input, from, InputQuantization, output, to, OutputQuantization);
            return;
        }

        long[] sums = ArrayPool<long>.Shared.Rent(to.Count);
        sums.AsSpan(0, to.Count).Clear();
        for (int i = 0; i < from.N * from.H; i++)
        {
            int row = Broadcasting.Row(to, from, i) * to.W;
            for (int x = 0; x < from.W; x++)
            {
                sums[row + (to.W == 1 ? 0 : x)] += CodeSums.Of(input.Slice((i * from.W + x) * from.C, from.C));
            }
        }

        // As in average pooling: the sum is exact, the rest float32.
        int count = from.Count / to.Count;
        float multiplier = InputQuantization.Scale / OutputQuantization.Scale / count;
        for (int i = 0; i < output.Length; i++)
        {
            float value = (sums[i] - (long)count * InputQuantization.ZeroPoint) * multiplier;
            output[i] = (byte)Quantizer.QuantizeScalar(value, 1f, OutputQuantization.ZeroPoint, byte.MinValue, byte.MaxValue);
        }

        ArrayPool<long>.Shared.Return(sums);
    }
}
