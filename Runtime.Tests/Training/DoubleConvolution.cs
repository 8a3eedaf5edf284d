using Kernels.Layers;

namespace Kernels.Tests.Training;

/// <summary>Both convolutions in double precision, straight from their definition: every tap of every pixel of the strided side.</summary>
internal static class DoubleConvolution
{
    /// <summary>The sums, without activation. The parameters are the weights, and the bias when the layer has one.</summary>
    public static double[] Sums(ConvolutionSpec spec, Shape4 from, double[] input, double[] weight, double[]? bias)
    {
        Shape4 to = spec.OutputShape(from);
        bool isTransposed = spec.Kind == ConvolutionKind.ConvTranspose2d;
        (Shape4 small, Shape4 large) = isTransposed ? (from, to) : (to, from);
        int groupInputs = spec.InChannels / spec.Groups;
        int groupOutputs = spec.OutChannels / spec.Groups;
        var output = new double[to.Count];
        for (int i = 0; i < output.Length; i++)
        {
            output[i] = bias is null ? 0 : bias[i % to.C];
        }

        for (int n = 0; n < to.N; n++)
        {
            for (int y = 0; y < small.H; y++)
            {
                for (int x = 0; x < small.W; x++)
                {
                    for (int tap = 0; tap < spec.KernelHeight * spec.KernelWidth; tap++)
                    {
                        (int ky, int kx) = (tap / spec.KernelWidth, tap % spec.KernelWidth);
                        int row = y * spec.StrideHeight - spec.PaddingHeight + ky * spec.DilationHeight;
                        int column = x * spec.StrideWidth - spec.PaddingWidth + kx * spec.DilationWidth;
                        if (row < 0 || row >= large.H || column < 0 || column >= large.W)
                        {
                            continue;
                        }

                        int smallPixel = ((n * small.H + y) * small.W + x) * small.C;
                        int largePixel = ((n * large.H + row) * large.W + column) * large.C;
                        (int source, int target) = isTransposed ? (smallPixel, largePixel) : (largePixel, smallPixel);
                        for (int oc = 0; oc < to.C; oc++)
                        {
                            int group = oc / groupOutputs * groupInputs;
                            for (int ic = 0; ic < groupInputs; ic++)
                            {
                                output[target + oc] += input[source + group + ic] * weight[spec.WeightIndex(oc, ic, ky, kx)];
                            }
                        }
                    }
                }
            }
        }

        return output;
    }
}
