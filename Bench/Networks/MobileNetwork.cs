using System;
using Kernels.Layers;
using Kernels.Models;

namespace Kernels.Bench.Networks;

/// <summary>
/// The backbone of MobileNetV3-Large (Howard et al. 2019, table 1) as an ONNX file: bottlenecks with depthwise convolutions, squeeze-and-excitation and
/// residuals. Weights are random: times do not depend on them.
/// </summary>
internal sealed class MobileNetwork
{
    private readonly NetworkWriter _writer;
    private readonly Random _random = new(7);

    private MobileNetwork(Shape4 input) => _writer = new NetworkWriter(input);

    /// <summary>Writes the network.</summary>
    /// <param name="size">Rows and columns of the input: a multiple of 32.</param>
    public static byte[] Write(int size)
    {
        var network = new MobileNetwork(new Shape4(1, 3, size, size));
        return network._writer.ToArray(network.Body(), new Shape4(1, 960, size / 32, size / 32));
    }

    private string Body()
    {
        string x = Conv(NetworkWriter.Input, 3, 16, 3, 2, "HardSwish");
        int channels = 16;
        foreach ((int kernel, int expanded, int outputs, bool hasGate, string function, int stride) in ((int, int, int, bool, string, int)[])[
            (3, 16, 16, false, "Relu", 1), (3, 64, 24, false, "Relu", 2), (3, 72, 24, false, "Relu", 1),
            (5, 72, 40, true, "Relu", 2), (5, 120, 40, true, "Relu", 1), (5, 120, 40, true, "Relu", 1),
            (3, 240, 80, false, "HardSwish", 2), (3, 200, 80, false, "HardSwish", 1), (3, 184, 80, false, "HardSwish", 1), (3, 184, 80, false, "HardSwish", 1),
            (3, 480, 112, true, "HardSwish", 1), (3, 672, 112, true, "HardSwish", 1),
            (5, 672, 160, true, "HardSwish", 2), (5, 960, 160, true, "HardSwish", 1), (5, 960, 160, true, "HardSwish", 1)])
        {
            string y = expanded == channels ? x : Conv(x, channels, expanded, 1, 1, function);
            y = Conv(y, expanded, expanded, kernel, stride, function, groups: expanded);
            y = hasGate ? Gate(y, expanded) : y;
            y = Conv(y, expanded, outputs, 1, 1, null);
            x = stride == 1 && channels == outputs ? _writer.Function("Add", x, y) : y;
            channels = outputs;
        }

        return Conv(x, channels, 960, 1, 1, "HardSwish");
    }

    private string Gate(string x, int channels)
    {
        int squeezed = (channels / 4 + 7) / 8 * 8;
        string gate = Conv(Conv(_writer.Function("GlobalAveragePool", x), channels, squeezed, 1, 1, "Relu"), squeezed, channels, 1, 1, null);
        return _writer.Function("Mul", x, _writer.HardSigmoid(gate));
    }

    private string Conv(string x, int inputs, int outputs, int kernel, int stride, string? function, int groups = 1)
    {
        var spec = new ConvolutionSpec
        {
            Kind = ConvolutionKind.Conv2d,
            InChannels = inputs,
            OutChannels = outputs,
            KernelHeight = kernel,
            KernelWidth = kernel,
            StrideHeight = stride,
            StrideWidth = stride,
            PaddingHeight = kernel / 2,
            PaddingWidth = kernel / 2,
            Groups = groups,
        };
        float size = MathF.Sqrt(6f / (spec.WeightShape.C * kernel * kernel));
        string made = _writer.Convolution(x, spec, new LayerWeights(new FloatWeight(spec.WeightShape, Values(spec.WeightShape.Count, size)), Values(outputs, 0.2f)));
        return function is null ? made : _writer.Function(function, made);
    }

    private float[] Values(int count, float most)
    {
        var values = new float[count];
        foreach (ref float value in values.AsSpan())
        {
            value = (_random.NextSingle() * 2 - 1) * most;
        }

        return values;
    }
}
