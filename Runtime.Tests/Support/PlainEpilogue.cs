using System;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Tests.Support;

/// <summary>
/// A convolution with a fused epilogue in the plainest possible form, straight from the definition in <see cref="EpilogueSpec"/>: the oracle of
/// tests. Every line is one float32 operation. It shares no code with the library's kernels.
/// </summary>
internal static class PlainEpilogue
{
    /// <summary>Runs a layer.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="weight">Int8 weights in PyTorch's order.</param>
    /// <param name="bias">Bias, empty for none.</param>
    /// <param name="input">The input with its scale and zero point.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="epilogue">The functions.</param>
    /// <param name="second">The second input; null where none is added.</param>
    /// <returns>The output.</returns>
    public static QuantizedTensor Forward(
        ConvolutionSpec spec,
        QuantizedWeight weight,
        ReadOnlySpan<float> bias,
        QuantizedTensor input,
        QuantizationParameters output,
        EpilogueParameters epilogue,
        QuantizedTensor? second)
    {
        Shape4 shape = spec.OutputShape(input.Shape);
        int[] sums = PlainConvolution.Accumulate(spec, weight, input);
        var result = new QuantizedTensor(shape, output);
        for (int i = 0; i < sums.Length; i++)
        {
            int channel = i % shape.C;
            float scale = input.Quantization.Scale * weight.Quantization[channel].Scale;
            float scaledBias = bias.IsEmpty ? 0f : bias[channel] / scale;
            float value = sums[i];
            value += scaledBias;
            value *= scale;
            foreach (EpilogueStep step in epilogue.Steps)
            {
                value = step.Function == EpilogueFunction.Add ? Add(value, second!, i) : Apply(step, value, channel);
            }

            float channelScale = epilogue.ChannelScales.IsEmpty ? 1f : epilogue.ChannelScales[channel];
            result.Data[i] = Code(value, output.Scale * channelScale, output.ZeroPoint);
        }

        return result;
    }

    private static float Apply(EpilogueStep step, float x, int channel)
    {
        switch (step.Function)
        {
            case EpilogueFunction.Relu:
                return x > 0 ? x : 0;
            case EpilogueFunction.Relu6:
                return Between(x, 0, 6);
            case EpilogueFunction.LeakyRelu:
                return x > 0 ? x : x * step.NegativeSlope;
            case EpilogueFunction.HardSwish:
                float product = x * Between(x + 3f, 0, 6);
                return product / 6f;
            case EpilogueFunction.HardSigmoid:
                return Between(x + 3f, 0, 6) / 6f;
            case EpilogueFunction.Clip:
                return Between(x, step.Lower, step.Upper);
            case EpilogueFunction.Affine:
                float scaled = x * step.Scale[0];
                return scaled + step.Shift[0];
            case EpilogueFunction.ChannelAffine:
                float scaledChannel = x * step.Scale[channel];
                return scaledChannel + step.Shift[channel];
            default:
                throw new ArgumentOutOfRangeException(nameof(step));
        }
    }

    private static float Add(float x, QuantizedTensor second, int i)
    {
        float steps = second.Data[i] - second.Quantization.ZeroPoint;
        float real = steps * second.Quantization.Scale;
        return x + real;
    }

    private static float Between(float x, float lower, float upper) => x < lower ? lower : x > upper ? upper : x;

    private static byte Code(float value, float scale, int zeroPoint)
    {
        float inverse = 1f / scale;
        float steps = value * inverse;
        float clamped = Between(steps, -zeroPoint, 255 - zeroPoint);
        return (byte)((int)Math.Round((double)clamped, MidpointRounding.ToEven) + zeroPoint);
    }
}
