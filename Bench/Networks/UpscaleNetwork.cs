using System;
using System.Collections.Generic;
using System.IO;
using Kernels.Layers;
using Kernels.Models;

namespace Kernels.Bench.Networks;

/// <summary>The network of the Upscale sample: waifu2x's upconv_7, six Conv2d with LeakyReLU and one ConvTranspose2d.</summary>
internal static class UpscaleNetwork
{
    private static readonly string WeightsPath = Path.Combine(AppContext.BaseDirectory, "Assets", "upconv_7_scale2x.safetensors");

    /// <summary>Reads the layers with their pretrained weights.</summary>
    public static IReadOnlyList<NetworkLayer> Load()
    {
        SafetensorsFile file = SafetensorsFile.Load(WeightsPath);
        int[] channels = [3, 16, 32, 64, 128, 128, 256];
        var layers = new List<NetworkLayer>();
        for (int i = 0; i + 1 < channels.Length; i++)
        {
            var convolution = new ConvolutionSpec
            {
                Kind = ConvolutionKind.Conv2d,
                InChannels = channels[i],
                OutChannels = channels[i + 1],
                KernelHeight = 3,
                KernelWidth = 3,
                Activation = Activation.LeakyRelu,
                NegativeSlope = 0.1f,
                WeightScheme = WeightScheme.PerChannel,
            };
            layers.Add(Layer(file, 2 * i, convolution));
        }

        var upsample = new ConvolutionSpec
        {
            Kind = ConvolutionKind.ConvTranspose2d,
            InChannels = 256,
            OutChannels = 3,
            KernelHeight = 4,
            KernelWidth = 4,
            StrideHeight = 2,
            StrideWidth = 2,
            PaddingHeight = 3,
            PaddingWidth = 3,
            WeightScheme = WeightScheme.PerChannel,
        };
        layers.Add(Layer(file, 2 * (channels.Length - 1), upsample));
        return layers;
    }

    /// <summary>Writes the network as an ONNX file.</summary>
    /// <param name="size">Rows and columns of the input.</param>
    public static byte[] Write(int size)
    {
        var input = new Shape4(1, 3, size, size);
        var writer = new NetworkWriter(input);
        string value = NetworkWriter.Input;
        Shape4 shape = input;
        foreach (NetworkLayer layer in Load())
        {
            value = writer.Convolution(value, layer.Spec, layer.Weights);
            shape = layer.Spec.OutputShape(shape);
        }

        return writer.ToArray(value, shape);
    }

    /// <summary>Something like a photograph, RGB in [0, 1]: soft areas, edges, a little noise.</summary>
    /// <param name="size">Rows and columns.</param>
    public static FloatTensor Picture(int size)
    {
        var random = new Random(1);
        var picture = new FloatTensor(new Shape4(1, 3, size, size));
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                double soft = 0.5 + 0.3 * Math.Sin(x * 0.05 + y * 0.02) * Math.Cos(y * 0.07);
                double edge = (x / 23 + y / 31) % 2 == 0 ? 0.15 : -0.15;
                for (int c = 0; c < 3; c++)
                {
                    double value = soft + edge * (c + 1) / 3 + (random.NextDouble() - 0.5) * 0.05;
                    picture[0, c, y, x] = (float)Math.Clamp(value, 0, 1);
                }
            }
        }

        return picture;
    }

    private static NetworkLayer Layer(SafetensorsFile file, int index, ConvolutionSpec spec) =>
        new(spec, new LayerWeights(file[$"{index}.weight"].ToFloatWeight(), file[$"{index}.bias"].ToSingles()));
}
