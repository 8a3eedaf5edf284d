using System;

namespace Kernels.Fuzz.Layers;

/// <summary>
/// Both convolutions from the text of Runtime.Tests/Golden/README.md alone, with sums in int64: a reference that shares nothing with the
/// library, its tests or its types. Activations are NCHW, weights in PyTorch's layout, as that text has them.
/// </summary>
internal static class Int64Convolution
{
    /// <summary>
    /// acc = sum((x_q - zx) * (w_q - zw)); value = (float)acc + bias / (sx * sw); q = clamp(round_half_even(value * (sx * sw / so)) + zo, relu ? zo : 0, 255).
    /// </summary>
    public static byte[] Run(LayerNumbers layer, byte[] input, sbyte[] weight, int[] weightZero, float[] weightScale, float[]? bias, int batch, int height, int width, float sx, int zx, float so, int zo)
    {
        int outHeight = layer.OutHeight(height);
        int outWidth = layer.OutWidth(width);
        var sums = new long[batch * layer.Out * outHeight * outWidth];
        for (int n = 0; n < batch; n++)
        {
            for (int ky = 0; ky < layer.KernelHeight; ky++)
            {
                for (int kx = 0; kx < layer.KernelWidth; kx++)
                {
                    // Of a convolution, output o meets input o * stride - padding + k * dilation; of a transposed one, input i meets that output.
                    for (int a = 0; a < (layer.IsTransposed ? height : outHeight); a++)
                    {
                        long other = ((long)a * layer.StrideHeight) - layer.PaddingHeight + ((long)ky * layer.DilationHeight);
                        if (other < 0 || other >= (layer.IsTransposed ? outHeight : height))
                        {
                            continue;
                        }

                        for (int b = 0; b < (layer.IsTransposed ? width : outWidth); b++)
                        {
                            long beside = ((long)b * layer.StrideWidth) - layer.PaddingWidth + ((long)kx * layer.DilationWidth);
                            if (beside < 0 || beside >= (layer.IsTransposed ? outWidth : width))
                            {
                                continue;
                            }

                            (long iy, long ix, long oy, long ox) = layer.IsTransposed ? ((long)a, (long)b, other, beside) : (other, beside, (long)a, (long)b);
                            AddPixel(layer, sums, input, weight, weightZero, n, ky, kx, iy * width + ix, (long)height * width, oy * outWidth + ox, (long)outHeight * outWidth, zx);
                        }
                    }
                }
            }
        }

        var output = new byte[sums.Length];
        for (int i = 0; i < sums.Length; i++)
        {
            int channel = i / (outHeight * outWidth) % layer.Out;
            float scale = sx * weightScale[weightScale.Length == 1 ? 0 : channel];
            float value = sums[i] + (bias is null ? 0f : bias[channel] / scale);
            double rounded = Math.Round(value * (scale / so), MidpointRounding.ToEven);
            output[i] = (byte)Math.Clamp(rounded + zo, layer.Relu ? zo : 0, 255);
        }

        return output;
    }

    private static void AddPixel(
        LayerNumbers layer, long[] sums, byte[] input, sbyte[] weight, int[] weightZero, int n, int ky, int kx, long from, long inputPlane, long to, long outputPlane, int zx)
    {
        int groupIn = layer.In / layer.Groups;
        int groupOut = layer.Out / layer.Groups;
        for (int output = 0; output < layer.Out; output++)
        {
            int group = output / groupOut;
            long sum = 0;
            for (int c = 0; c < groupIn; c++)
            {
                // ConvTranspose2d [in, out/groups, kh, kw], Conv2d [out, in/groups, kh, kw].
                int channel = group * groupIn + c;
                int first = layer.IsTransposed ? channel * groupOut + output % groupOut : output * groupIn + c;
                int w = weight[(first * layer.KernelHeight + ky) * layer.KernelWidth + kx] - weightZero[weightZero.Length == 1 ? 0 : output];
                sum += (long)(input[(n * layer.In + channel) * inputPlane + from] - zx) * w;
            }

            sums[(n * layer.Out + output) * outputPlane + to] += sum;
        }
    }
}
