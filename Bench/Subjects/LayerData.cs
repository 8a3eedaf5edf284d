using System;
using System.Runtime.InteropServices;
using Kernels.Bench.Shapes;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Bench.Subjects;

/// <summary>
/// Random data of a layer, the same for all contestants. Weights are symmetric with one scale for all channels, and bias values are
/// whole steps of the accumulator, because that is all that some peers can express.
/// </summary>
internal sealed class LayerData
{
    private const float InputScale = 0.0173f;
    private const float WeightScale = 0.0042f;
    private const int InputZeroPoint = 121;
    private const int OutputZeroPoint = 130;

    // Outputs spread by this many steps around their zero point: few are clamped.
    private const double OutputDeviation = 45;

    private LayerData(ShapeRow row, byte[] input, sbyte[] weight, int[] bias, float outputScale)
    {
        Row = row;
        Input = input;
        Weight = weight;
        Bias = bias;
        InputQuantization = new QuantizationParameters(InputScale, InputZeroPoint);
        OutputQuantization = new QuantizationParameters(outputScale, OutputZeroPoint);
    }

    /// <summary>The layer and its input size.</summary>
    public ShapeRow Row { get; }

    /// <summary>Input codes in order h, w, c.</summary>
    public byte[] Input { get; }

    /// <summary>Weight codes in PyTorch's order, zero point 0.</summary>
    public sbyte[] Weight { get; }

    /// <summary>Scale of the weights.</summary>
    public float WeightStep => WeightScale;

    /// <summary>Bias in steps of the accumulator.</summary>
    public int[] Bias { get; }

    /// <summary>What input codes stand for.</summary>
    public QuantizationParameters InputQuantization { get; }

    /// <summary>What output codes stand for.</summary>
    public QuantizationParameters OutputQuantization { get; }

    /// <summary>The weights as the library takes them.</summary>
    public QuantizedWeight QuantizedWeight
    {
        get
        {
            var scales = new float[Row.Spec.OutChannels];
            Array.Fill(scales, WeightScale);
            return new QuantizedWeight(Row.Spec.WeightShape, Weight, WeightQuantization.PerChannel(scales));
        }
    }

    /// <summary>Bias in real units.</summary>
    public float[] RealBias => Array.ConvertAll(Bias, value => value * (InputScale * WeightScale));

    /// <summary>Weights in real units, in PyTorch's order.</summary>
    public float[] RealWeight => Array.ConvertAll(Weight, value => value * WeightScale);

    /// <summary>Inputs in real units, in order h, w, c.</summary>
    public float[] RealInput => Array.ConvertAll(Input, value => (value - InputZeroPoint) * InputScale);

    /// <summary>Makes data.</summary>
    /// <param name="row">The layer.</param>
    /// <param name="range">How weights are spread.</param>
    public static LayerData Random(ShapeRow row, WeightRange range)
    {
        var random = new Random(1);
        var input = new byte[row.Input.Count];
        random.NextBytes(input);
        var weight = new sbyte[row.Spec.WeightShape.Count];
        if (range == WeightRange.Full)
        {
            random.NextBytes(MemoryMarshal.AsBytes(weight.AsSpan()));
        }
        else
        {
            FillBell(row.Spec, weight, random);
        }

        double sum = 0;
        foreach (sbyte code in weight)
        {
            sum += (double)code * code;
        }

        // Products of one output, and their root mean square; uniform input codes deviate by 74.
        ConvolutionSpec spec = row.Spec;
        int steps = spec.Kind == ConvolutionKind.ConvTranspose2d ? spec.StrideHeight * spec.StrideWidth : 1;
        double products = Math.Max(1, (double)spec.InChannels / spec.Groups * spec.KernelHeight * spec.KernelWidth / steps);
        double deviation = 74 * Math.Sqrt(sum / weight.Length * products);
        var bias = new int[spec.OutChannels];
        for (int i = 0; i < bias.Length; i++)
        {
            bias[i] = (int)((random.NextDouble() - 0.5) * deviation);
        }

        return new LayerData(row, input, weight, bias, (float)(InputScale * WeightScale * deviation / OutputDeviation));
    }

    /// <summary>Real output values as output codes: how float contestants are compared.</summary>
    /// <param name="values">Real values.</param>
    public byte[] ToCodes(ReadOnlySpan<float> values)
    {
        var codes = new byte[values.Length];
        Quantizer.Quantize(values, OutputQuantization, codes);
        return codes;
    }

    // Two-sided exponential: trained weights have heavier tails than a normal distribution. In the seven layers of the waifu2x network
    // the largest weight of a channel is 2.7 to 7.3 times the root mean square, growing with the channel's size, as it does here.
    private static void FillBell(ConvolutionSpec spec, sbyte[] weight, Random random)
    {
        int groupInputs = spec.InChannels / spec.Groups;
        var values = new double[groupInputs * spec.KernelHeight * spec.KernelWidth];
        for (int output = 0; output < spec.OutChannels; output++)
        {
            double largest = 0;
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = Math.Log(1 - random.NextDouble()) * (random.Next(2) == 0 ? 1 : -1);
                largest = Math.Max(largest, Math.Abs(values[i]));
            }

            int next = 0;
            for (int channel = 0; channel < groupInputs; channel++)
            {
                for (int ky = 0; ky < spec.KernelHeight; ky++)
                {
                    for (int kx = 0; kx < spec.KernelWidth; kx++)
                    {
                        weight[spec.WeightIndex(output, channel, ky, kx)] = (sbyte)Math.Round(values[next++] / largest * sbyte.MaxValue);
                    }
                }
            }
        }
    }
}
