using System;
using System.IO;
using Kernels.Layers;
using Kernels.Models;

namespace Kernels.Bench.Networks;

/// <summary>waifu2x's CUNet as an ONNX file: the network of <c>Samples/Upscale/Cunet.cs</c>.</summary>
internal sealed class CunetNetwork
{
    private static readonly string WeightsPath = Path.Combine(AppContext.BaseDirectory, "Assets", "cunet_scale2x.safetensors");

    private readonly SafetensorsFile _file = SafetensorsFile.Load(WeightsPath);
    private readonly NetworkWriter _writer;

    private CunetNetwork(Shape4 input) => _writer = new NetworkWriter(input);

    /// <summary>Writes the network.</summary>
    /// <param name="size">Rows and columns of the input: a multiple of 4.</param>
    public static byte[] Write(int size)
    {
        var input = new Shape4(1, 3, size, size);
        return new CunetNetwork(input).Write(input);
    }

    private byte[] Write(Shape4 input)
    {
        string doubled = Double(NetworkWriter.Input);
        int side = 2 * input.H - 72;
        return _writer.ToArray(_writer.Function("Add", _writer.Crop(doubled, 20), Correct(doubled)), new Shape4(1, 3, side, side));
    }

    private string Double(string x)
    {
        string skip = Conv(Conv(x, 1), 2);
        string deep = Conv(Conv(Conv(skip, 3, stride: 2), 4), 5);
        deep = Up(Gate(deep, 6), 1);
        return Up(Conv(_writer.Function("Add", _writer.Crop(skip, 4), deep), 8), 2, padding: 3, isLast: true);
    }

    private string Correct(string x)
    {
        string skip = Conv(Conv(x, 9), 10);
        string middle = Gate(Conv(Conv(Conv(skip, 11, stride: 2), 12), 13), 14);
        string deep = Conv(Conv(Conv(middle, 16, stride: 2), 17), 18);
        deep = Up(Gate(deep, 19), 3);
        middle = Conv(Conv(_writer.Function("Add", _writer.Crop(middle, 4), deep), 21), 22);
        middle = Up(Gate(middle, 23), 4);
        return Conv(Conv(_writer.Function("Add", _writer.Crop(skip, 16), middle), 25), 26, isLast: true);
    }

    private string Gate(string x, int layer)
    {
        string squeezed = Layer(_writer.Function("GlobalAveragePool", x), $"Convolution{layer}", ConvolutionKind.Conv2d, 1, 0, Activation.Relu);
        string excited = Layer(squeezed, $"Convolution{layer + 1}", ConvolutionKind.Conv2d, 1, 0, Activation.None);
        return _writer.Function("Mul", x, _writer.Function("Sigmoid", excited));
    }

    private string Conv(string x, int layer, int stride = 1, bool isLast = false) =>
        Layer(x, $"Convolution{layer}", ConvolutionKind.Conv2d, stride, 0, isLast ? Activation.None : Activation.LeakyRelu);

    private string Up(string x, int layer, int padding = 0, bool isLast = false) =>
        Layer(x, $"Deconvolution{layer}", ConvolutionKind.ConvTranspose2d, 2, padding, isLast ? Activation.None : Activation.LeakyRelu);

    private string Layer(string x, string name, ConvolutionKind kind, int stride, int padding, Activation activation)
    {
        LayerWeights weights = LayerWeights.Read(_file, name);
        Shape4 shape = weights.Weight.Shape;
        bool isTransposed = kind == ConvolutionKind.ConvTranspose2d;
        var spec = new ConvolutionSpec
        {
            Kind = kind,
            InChannels = isTransposed ? shape.N : shape.C,
            OutChannels = isTransposed ? shape.C : shape.N,
            KernelHeight = shape.H,
            KernelWidth = shape.W,
            StrideHeight = stride,
            StrideWidth = stride,
            PaddingHeight = padding,
            PaddingWidth = padding,
            Activation = activation,
            NegativeSlope = 0.1f,
        };
        return _writer.Convolution(x, spec, weights);
    }
}
