using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Kernels.Layers;

namespace Kernels.Bench.Onnx;

/// <summary>
/// Builds an ONNX file: nodes, constants, one input and one output. The numbers are the fields of onnx.proto.
/// </summary>
internal sealed class OnnxGraph
{
    private const int FormatVersion = 8;
    private const int OperatorSet = 17;

    private readonly ProtoWriter _graph = new ProtoWriter().Text(2, "bench");

    /// <summary>Declares the input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Type of its elements.</param>
    /// <param name="shape">Its shape.</param>
    public void Input(string name, OnnxType type, Shape4 shape) => _graph.Message(11, Value(name, type, shape));

    /// <summary>Declares the output.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Type of its elements.</param>
    /// <param name="shape">Its shape.</param>
    public void Output(string name, OnnxType type, Shape4 shape) => _graph.Message(12, Value(name, type, shape));

    /// <summary>Adds a constant.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Type of its elements.</param>
    /// <param name="dimensions">Its shape; none for a scalar.</param>
    /// <param name="values">Its elements.</param>
    public void Constant<T>(string name, OnnxType type, ReadOnlySpan<int> dimensions, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var tensor = new ProtoWriter();
        foreach (int dimension in dimensions)
        {
            tensor.Integer(1, dimension);
        }

        _graph.Message(5, tensor.Integer(2, (int)type).Text(8, name).Bytes(9, MemoryMarshal.AsBytes(values)));
    }

    /// <summary>Adds a node with one output.</summary>
    /// <param name="operation">ONNX's name of the operation.</param>
    /// <param name="inputs">Names of what it reads.</param>
    /// <param name="output">Name of what it computes.</param>
    /// <param name="attributes">Its attributes, written by <see cref="Attribute(string, float)"/> and its like.</param>
    public void Node(string operation, IEnumerable<string> inputs, string output, params ReadOnlySpan<ProtoWriter> attributes)
    {
        var node = new ProtoWriter();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        node.Text(2, output).Text(4, operation);
        foreach (ProtoWriter attribute in attributes)
        {
            node.Message(5, attribute);
        }

        _graph.Message(1, node);
    }

    /// <summary>Adds a Conv or ConvTranspose node.</summary>
    /// <param name="spec">The layer; its activation is not part of the node.</param>
    /// <param name="inputs">Names of input, weight and bias.</param>
    /// <param name="output">Name of the output.</param>
    public void Convolution(ConvolutionSpec spec, IEnumerable<string> inputs, string output)
    {
        var attributes = new List<ProtoWriter>
        {
            Attribute("kernel_shape", spec.KernelHeight, spec.KernelWidth),
            Attribute("strides", spec.StrideHeight, spec.StrideWidth),
            Attribute("pads", spec.PaddingHeight, spec.PaddingWidth, spec.PaddingHeight, spec.PaddingWidth),
            Attribute("dilations", spec.DilationHeight, spec.DilationWidth),
            Attribute("group", spec.Groups),
        };
        if (spec.Kind == ConvolutionKind.ConvTranspose2d)
        {
            attributes.Add(Attribute("output_padding", spec.OutputPaddingHeight, spec.OutputPaddingWidth));
        }

        Node(spec.Kind == ConvolutionKind.Conv2d ? "Conv" : "ConvTranspose", inputs, output, [.. attributes]);
    }

    /// <summary>A float attribute.</summary>
    public static ProtoWriter Attribute(string name, float value) => new ProtoWriter().Text(1, name).Single(2, value).Integer(20, 1);

    /// <summary>A whole-number attribute.</summary>
    public static ProtoWriter Attribute(string name, int value) => new ProtoWriter().Text(1, name).Integer(3, value).Integer(20, 2);

    /// <summary>An attribute of several whole numbers.</summary>
    public static ProtoWriter Attribute(string name, params ReadOnlySpan<int> values)
    {
        ProtoWriter attribute = new ProtoWriter().Text(1, name);
        foreach (int value in values)
        {
            attribute.Integer(8, value);
        }

        return attribute.Integer(20, 7);
    }

    /// <summary>The file.</summary>
    public byte[] ToArray() => new ProtoWriter()
        .Integer(1, FormatVersion)
        .Message(7, _graph)
        .Message(8, new ProtoWriter().Text(1, string.Empty).Integer(2, OperatorSet))
        .ToArray();

    private static ProtoWriter Value(string name, OnnxType type, Shape4 shape)
    {
        var dimensions = new ProtoWriter();
        foreach (int dimension in (ReadOnlySpan<int>)[shape.N, shape.C, shape.H, shape.W])
        {
            dimensions.Message(1, new ProtoWriter().Integer(1, dimension));
        }

        ProtoWriter tensor = new ProtoWriter().Integer(1, (int)type).Message(2, dimensions);
        return new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(1, tensor));
    }
}
