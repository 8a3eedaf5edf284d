using System;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Tests.Support;

/// <summary>
/// Both int8 convolutions in the plainest possible form, straight from the formula of Golden/README.md: the oracle of tests.
/// It shares no code with the library's kernels: no phases, no packing, no folding of zero points.
/// </summary>
internal static class PlainConvolution
{
    /// <summary>Runs a layer.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="weight">Int8 weights in PyTorch's order.</param>
    /// <param name="bias">Bias, empty for none.</param>
    /// <param name="input">The input with its scale and zero point.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <returns>The output.</returns>
    public static QuantizedTensor Forward(
        ConvolutionSpec spec,
        QuantizedWeight weight,
        ReadOnlySpan<float> bias,
        QuantizedTensor input,
        QuantizationParameters output)
    {
        Shape4 shape = spec.OutputShape(input.Shape);
        int[] sums = Accumulate(spec, weight, input);
        var result = new QuantizedTensor(shape, output);
        for (int i = 0; i < sums.Length; i++)
        {
            int channel = i % shape.C;
            float sw = weight.Quantization[channel].Scale;
            result.Data[i] = Requantize(spec, sums[i], input.Quantization.Scale, sw, bias.IsEmpty ? 0f : bias[channel], output);
        }

        return result;
    }

    /// <summary>Sums of <c>(x - zx) * (w - zw)</c> in order n, h, w, c.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="weight">Int8 weights in PyTorch's order.</param>
    /// <param name="input">The input with its scale and zero point.</param>
    /// <returns>One sum an output element.</returns>
    public static int[] Accumulate(ConvolutionSpec spec, QuantizedWeight weight, QuantizedTensor input)
    {
        Shape4 from = input.Shape;
        Shape4 to = spec.OutputShape(from);
        var sums = new int[to.Count];
        int groupInputs = spec.InChannels / spec.Groups;
        int groupOutputs = spec.OutChannels / spec.Groups;
        bool isTransposed = spec.Kind == ConvolutionKind.ConvTranspose2d;
        for (int n = 0; n < to.N; n++)
        {
            for (int ky = 0; ky < spec.KernelHeight; ky++)
            {
                for (int kx = 0; kx < spec.KernelWidth; kx++)
                {
                    // The pixels of the smaller side of the stride: outputs of a convolution, inputs of a transposed one.
                    (int rows, int columns) = isTransposed ? (from.H, from.W) : (to.H, to.W);
                    (int otherRows, int otherColumns) = isTransposed ? (to.H, to.W) : (from.H, from.W);
                    for (int y = 0; y < rows; y++)
                    {
                        int otherY = y * spec.StrideHeight - spec.PaddingHeight + ky * spec.DilationHeight;
                        if (otherY < 0 || otherY >= otherRows)
                        {
                            continue;
                        }

                        for (int x = 0; x < columns; x++)
                        {
                            int otherX = x * spec.StrideWidth - spec.PaddingWidth + kx * spec.DilationWidth;
                            if (otherX < 0 || otherX >= otherColumns)
                            {
                                continue;
                            }

                            (int inY, int inX, int outY, int outX) = isTransposed ? (y, x, otherY, otherX) : (otherY, otherX, y, x);
                            for (int oc = 0; oc < to.C; oc++)
                            {
                                int sum = 0;
                                int zw = weight.Quantization[oc].ZeroPoint;
                                for (int ic = 0; ic < groupInputs; ic++)
                                {
                                    int code = input[n, oc / groupOutputs * groupInputs + ic, inY, inX];
                                    sum += (code - input.Quantization.ZeroPoint) * (weight.Data[spec.WeightIndex(oc, ic, ky, kx)] - zw);
                                }

                                sums[((n * to.H + outY) * to.W + outX) * to.C + oc] += sum;
                            }
                        }
                    }
                }
            }
        }

        return sums;
    }

    private static byte Requantize(ConvolutionSpec spec, int sum, float sx, float sw, float bias, QuantizationParameters output)
    {
        float accumulatorScale = sx * sw;
        float value = sum;
        value += bias / accumulatorScale;
        float multiplier = accumulatorScale / output.Scale;
        value *= multiplier;
        if (spec.Activation == Activation.LeakyRelu && value < 0)
        {
            value *= spec.NegativeSlope;
        }

        double code = Math.Round((double)value, MidpointRounding.ToEven) + output.ZeroPoint;
        int lowest = spec.Activation is Activation.Relu or Activation.Relu6 ? output.ZeroPoint : 0;
        double highest = 255;
        if (spec.Activation == Activation.Relu6)
        {
            float inverse = 1f / output.Scale;
            float six = 6f * inverse;
            highest = Math.Min(255, Math.Round((double)six, MidpointRounding.ToEven) + output.ZeroPoint);
        }

        return (byte)Math.Clamp(code, lowest, highest);
    }
}
