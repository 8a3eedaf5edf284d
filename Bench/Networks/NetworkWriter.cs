using System;
using System.Collections.Generic;
using System.Globalization;
using Kernels.Bench.Onnx;
using Kernels.Layers;
using Kernels.Models;

namespace Kernels.Bench.Networks;

/// <summary>Writes a float network as an ONNX file, node by node; names count up.</summary>
internal sealed class NetworkWriter
{
    /// <summary>Name of the input.</summary>
    public const string Input = "x";

    private const string Output = "y";

    private readonly OnnxGraph _graph = new();
    private int _count;

    /// <summary>Starts a network.</summary>
    /// <param name="input">Shape of its input.</param>
    public NetworkWriter(Shape4 input) => _graph.Input(Input, OnnxType.Float, input);

    /// <summary>A convolution or transposed convolution.</summary>
    public string Convolution(string from, ConvolutionSpec spec, LayerWeights weights)
    {
        Shape4 shape = weights.Weight.Shape;
        string name = Name("conv");
        _graph.Constant<float>(name + ".weight", OnnxType.Float, [shape.N, shape.C, shape.H, shape.W], weights.Weight.Data);
        var inputs = new List<string> { from, name + ".weight" };
        if (!weights.Bias.IsEmpty)
        {
            _graph.Constant(name + ".bias", OnnxType.Float, [spec.OutChannels], weights.Bias);
            inputs.Add(name + ".bias");
        }

        _graph.Convolution(spec, inputs, name);
        return spec.Activation switch
        {
            Activation.None => name,
            Activation.Relu => Function("Relu", name),
            Activation.LeakyRelu => Add("LeakyRelu", [name], OnnxGraph.Attribute("alpha", spec.NegativeSlope)),
            _ => throw new NotSupportedException($"The bench writes no ONNX node for {spec.Activation}."),
        };
    }

    /// <summary>A function without attributes.</summary>
    public string Function(string operation, params string[] inputs) => Add(operation, inputs);

    /// <summary>x * min(max(x / 6 + 1 / 2, 0), 1).</summary>
    public string HardSigmoid(string from) => Add("HardSigmoid", [from], OnnxGraph.Attribute("alpha", 1f / 6), OnnxGraph.Attribute("beta", 0.5f));

    /// <summary>Takes rows and columns off all sides.</summary>
    public string Crop(string from, int margin)
    {
        string name = Name("crop");
        _graph.Constant<long>(name + ".starts", OnnxType.Int64, [2], [margin, margin]);
        _graph.Constant<long>(name + ".ends", OnnxType.Int64, [2], [-margin, -margin]);
        _graph.Constant<long>(name + ".axes", OnnxType.Int64, [2], [2, 3]);
        _graph.Node("Slice", [from, name + ".starts", name + ".ends", name + ".axes"], name);
        return name;
    }

    /// <summary>The file.</summary>
    /// <param name="output">The network's last value.</param>
    /// <param name="shape">Its shape.</param>
    public byte[] ToArray(string output, Shape4 shape)
    {
        _graph.Node("Identity", [output], Output);
        _graph.Output(Output, OnnxType.Float, shape);
        return _graph.ToArray();
    }

    private string Add(string operation, string[] inputs, params ReadOnlySpan<ProtoWriter> attributes)
    {
        string name = Name(operation.ToLowerInvariant());
        _graph.Node(operation, inputs, name, attributes);
        return name;
    }

    private string Name(string kind) => kind + (_count++).ToString(CultureInfo.InvariantCulture);
}
