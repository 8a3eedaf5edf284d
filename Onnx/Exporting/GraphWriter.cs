using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Kernels.Onnx.Graphs;
using Kernels.Onnx.Protos;

namespace Kernels.Onnx.Exporting;

/// <summary>Nodes and constants of an ONNX graph, each under a name of its own. Values are known by their names.</summary>
internal sealed class GraphWriter
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Shape, ElementType Type, string Bytes), string> _constants = [];

    /// <summary>The graph so far.</summary>
    public GraphProto Graph { get; } = new();

    /// <summary>A name that nothing else has: the given one, or that with a number.</summary>
    public string Name(string wanted)
    {
        string name = wanted;
        for (int i = 1; !_names.Add(name); i++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}_{i}");
        }

        return name;
    }

    /// <summary>Adds a node with one output.</summary>
    /// <param name="operation">ONNX's name of what it computes.</param>
    /// <param name="name">What node and output are to be called.</param>
    /// <param name="inputs">The values that it reads; an empty name for one that is left out.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>The output.</returns>
    public string Add(string operation, string name, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        string output = Name(name);
        var node = new NodeProto { OpType = operation, Name = output };
        node.Input.Add(inputs.ToArray());
        node.Output.Add(output);
        node.Attribute.Add(attributes.ToArray());
        Graph.Node.Add(node);
        return output;
    }

    /// <summary>A constant; equal small ones are one.</summary>
    /// <param name="name">What it is to be called.</param>
    /// <param name="type">Type of its elements.</param>
    /// <param name="shape">Its dimensions; none for a scalar.</param>
    /// <param name="values">Its elements.</param>
    /// <returns>The value.</returns>
    public string Constant<T>(string name, ElementType type, ReadOnlySpan<int> shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        const int SmallBytes = 64;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        (string, ElementType, string) key = (string.Join(',', shape.ToArray()), type, bytes.Length > SmallBytes ? "" : Convert.ToHexString(bytes));
        if (bytes.Length <= SmallBytes && _constants.TryGetValue(key, out string? known))
        {
            return known;
        }

        var tensor = new TensorProto { Name = Name(name), DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        foreach (int size in shape)
        {
            tensor.Dims.Add(size);
        }

        Graph.Initializer.Add(tensor);
        if (bytes.Length <= SmallBytes)
        {
            _constants.Add(key, tensor.Name);
        }

        return tensor.Name;
    }

    /// <summary>A float32 scalar.</summary>
    public string Scalar(string name, float value) => Constant<float>(name, ElementType.Float, [], [value]);

    /// <summary>A list of int64.</summary>
    public string Integers(string name, params ReadOnlySpan<long> values) => Constant(name, ElementType.Int64, [values.Length], values);

    /// <summary>Float32 numbers for the channels of an image, or one for all.</summary>
    public string Channels(string name, ReadOnlySpan<float> values) =>
        values.Length == 1 ? Scalar(name, values[0]) : Constant(name, ElementType.Float, [1, values.Length, 1, 1], values);

    /// <summary>An attribute that is a float.</summary>
    public static AttributeProto Attribute(string name, float value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    /// <summary>An attribute that is a whole number.</summary>
    public static AttributeProto Attribute(string name, int value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    /// <summary>An attribute that is a word.</summary>
    public static AttributeProto Attribute(string name, string value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    /// <summary>An attribute that is a list of whole numbers.</summary>
    public static AttributeProto Attribute(string name, ReadOnlySpan<int> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        foreach (int value in values)
        {
            attribute.Ints.Add(value);
        }

        return attribute;
    }
}
