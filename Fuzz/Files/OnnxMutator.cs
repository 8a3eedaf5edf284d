using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Kernels.Onnx.Protos;

namespace Kernels.Fuzz.Files;

/// <summary>
/// Mutates ONNX files: bytes anywhere; or, as the messages that they are, attributes, operators, names, dimensions, types and data of tensors,
/// inputs, and nodes twice, elsewhere or not at all.
/// </summary>
internal static class OnnxMutator
{
    private static readonly long[] Integers =
        [0, 1, 2, 3, 4, 7, -1, -2, 255, 256, 4096, 4097, 65535, 65536, 1 << 24, 1431655766, int.MaxValue, int.MinValue, 1L << 32, long.MaxValue, long.MinValue];

    private static readonly float[] Floats = [0f, -0f, 1f, -1f, 0.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, float.MaxValue, 1e-38f, 3e9f];

    private static readonly string[] Words =
        ["", "x", "y", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID", "reflect", "edge", "constant", "nearest", "linear", "cubic", "half_pixel", "align_corners", "DCR", "CRD", "\ud800"];

    // What the importer knows, and what it does not.
    private static readonly string[] Operators =
    [
        "Conv", "ConvTranspose", "BatchNormalization", "InstanceNormalization", "LayerNormalization", "Relu", "LeakyRelu", "PRelu", "Clip", "Sigmoid", "HardSigmoid", "HardSwish",
        "Elu", "Gelu", "Mish", "Softplus", "Softmax", "Add", "Sub", "Mul", "Div", "Pow", "Sqrt", "MaxPool", "AveragePool", "GlobalAveragePool", "ReduceMean", "Concat", "Split",
        "Slice", "Pad", "Resize", "Upsample", "DepthToSpace", "SpaceToDepth", "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Gemm", "MatMul", "Constant", "Identity",
        "Dropout", "Shape", "Gather", "Cast", "Expand", "ConstantOfShape", "Range", "Tile", "Where", "QuantizeLinear", "DequantizeLinear", "QLinearConv", "QLinearAdd", "Loop", "",
    ];

    /// <summary>One to four mutations of a file.</summary>
    public static byte[] Mutate(byte[] file, Random random)
    {
        for (int i = random.Next(3) > 0 ? 1 : random.Next(2, 5); i > 0; i--)
        {
            file = random.Next(10) == 0 ? SafetensorsMutator.Bytes(file, random) : Message(file, random);
        }

        return file;
    }

    private static byte[] Message(byte[] file, Random random)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(file);
        }
        catch (InvalidProtocolBufferException)
        {
            return SafetensorsMutator.Bytes(file, random);
        }

        if (model.Graph is not { Node.Count: > 0 } graph)
        {
            return SafetensorsMutator.Bytes(file, random);
        }

        NodeProto node = Any(graph.Node, random);
        switch (random.Next(10))
        {
            case 0 or 1 or 2:
                Attribute(node, random);
                break;
            case 3:
                node.OpType = Operators[random.Next(Operators.Length)];
                break;
            case 4:
                Name(random.Next(3) == 0 ? node.Output : node.Input, graph, random);
                break;
            case 5:
                Structure(graph.Node, node, random);
                break;
            case 6:
                Input(graph, random);
                break;
            case 7 when model.OpsetImport.Count > 0:
                model.OpsetImport[0].Version = random.Next(2) == 0 ? random.Next(1, 26) : Integer(random);
                break;
            default:
                Tensor(graph, random);
                break;
        }

        return model.ToByteArray();
    }

    private static void Attribute(NodeProto node, Random random)
    {
        if (node.Attribute.Count == 0 || random.Next(8) == 0)
        {
            string[] names = ["axis", "axes", "kernel_shape", "strides", "pads", "dilations", "group", "output_shape", "output_padding", "auto_pad", "ceil_mode", "blocksize", "perm", "mode"];
            string name = names[random.Next(names.Length)];
            node.Attribute.Add(name is "auto_pad" or "mode"
                ? new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(Words[random.Next(Words.Length - 1)]) }
                : name.EndsWith('s') || name == "perm" || name.EndsWith("shape", StringComparison.Ordinal) || name == "output_padding"
                ? new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { Integer(random), Integer(random) } }
                : new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = Integer(random) });
            return;
        }

        AttributeProto attribute = Any(node.Attribute, random);
        switch (random.Next(8))
        {
            case 0:
                node.Attribute.Remove(attribute);
                break;
            case 1:
                attribute.Type = (AttributeProto.Types.AttributeType)random.Next(0, 15);
                break;
            case 2:
                Length(attribute.Ints, Integer(random), random);
                break;
            case 3 when attribute.T is not null:
                Tensor(attribute.T, random);
                break;
            case 4:
                attribute.S = random.Next(4) == 0 ? ByteString.CopyFrom([0xC3]) : ByteString.CopyFromUtf8(Words[random.Next(Words.Length - 1)]);
                break;
            default:
                attribute.I = Integer(random);
                attribute.F = Floats[random.Next(Floats.Length)];
                if (attribute.Ints.Count > 0)
                {
                    attribute.Ints[random.Next(attribute.Ints.Count)] = attribute.I;
                }

                break;
        }
    }

    // Another value of the graph, or none, or a name that nothing has.
    private static void Name(RepeatedField<string> names, GraphProto graph, Random random)
    {
        string[] known = [.. graph.Node.SelectMany(static node => node.Output), .. graph.Initializer.Select(static tensor => tensor.Name), .. graph.Input.Select(static input => input.Name)];
        string name = random.Next(4) == 0 || known.Length == 0 ? random.Next(2) == 0 ? "" : "nothing" : known[random.Next(known.Length)];
        if (names.Count > 0 && random.Next(3) > 0)
        {
            names[random.Next(names.Count)] = name;
            return;
        }

        Length(names, name, random);
    }

    private static void Structure(RepeatedField<NodeProto> nodes, NodeProto node, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                nodes.Remove(node);
                break;
            case 1:
                nodes.Insert(random.Next(nodes.Count), node.Clone());
                break;
            case 2:
                nodes.Remove(node);
                nodes.Insert(random.Next(nodes.Count + 1), node);
                break;
            default:
                // A chain that reads what it makes: a few steps of the same, one behind another.
                string last = node.Output.FirstOrDefault() ?? "";
                for (int i = random.Next(1, 12); i > 0 && node is { Input.Count: > 0, Output.Count: > 0 }; i--)
                {
                    NodeProto next = node.Clone();
                    next.Input[0] = last;
                    next.Output[0] = last += "'";
                    nodes.Add(next);
                }

                break;
        }
    }

    private static void Input(GraphProto graph, Random random)
    {
        RepeatedField<ValueInfoProto> values = random.Next(3) == 0 ? graph.Output : graph.Input;
        if (values.Count == 0 || random.Next(8) == 0)
        {
            values.Add(new ValueInfoProto { Name = "new" });
            return;
        }

        ValueInfoProto value = Any(values, random);
        if (value.Type?.TensorType is not { } tensor || random.Next(6) == 0)
        {
            value.Name = "other";
        }
        else if (random.Next(4) == 0 || tensor.Shape is null)
        {
            tensor.ElemType = random.Next(-1, 24);
        }
        else if (tensor.Shape.Dim.Count == 0 || random.Next(4) == 0)
        {
            Length(tensor.Shape.Dim, new TensorShapeProto.Types.Dimension { DimValue = Integer(random) }, random);
        }
        else
        {
            Any(tensor.Shape.Dim, random).DimValue = Integer(random);
        }
    }

    private static void Tensor(GraphProto graph, Random random)
    {
        if (graph.Initializer.Count > 0)
        {
            Tensor(Any(graph.Initializer, random), random);
        }
    }

    private static void Tensor(TensorProto tensor, Random random)
    {
        switch (random.Next(6))
        {
            case 0 when tensor.Dims.Count > 0:
                tensor.Dims[random.Next(tensor.Dims.Count)] = Integer(random);
                break;
            case 1:
                Length(tensor.Dims, Integer(random), random);
                break;
            case 2:
                tensor.DataType = random.Next(-1, 24);
                break;
            case 3 when tensor.Int64Data.Count > 0:
                tensor.Int64Data[random.Next(tensor.Int64Data.Count)] = Integer(random);
                break;
            case 4 when tensor.FloatData.Count > 0:
                tensor.FloatData[random.Next(tensor.FloatData.Count)] = Floats[random.Next(Floats.Length)];
                break;
            default:
                Data(tensor, random);
                break;
        }
    }

    // Numbers that mean something, in four or eight bytes; or bytes more or less.
    private static void Data(TensorProto tensor, Random random)
    {
        byte[] data = tensor.RawData.ToByteArray();
        int size = random.Next(2) == 0 ? sizeof(int) : sizeof(long);
        if (data.Length < size || random.Next(8) == 0)
        {
            tensor.RawData = ByteString.CopyFrom(SafetensorsMutator.Bytes(data, random));
            return;
        }

        int at = random.Next(data.Length / size) * size;
        byte[] number = size == sizeof(long) ? BitConverter.GetBytes(Integer(random))
            : random.Next(2) == 0 ? BitConverter.GetBytes(Floats[random.Next(Floats.Length)])
            : BitConverter.GetBytes((int)Integer(random));
        number.CopyTo(data, at);
        tensor.RawData = ByteString.CopyFrom(data);
    }

    private static void Length<T>(RepeatedField<T> items, T item, Random random)
    {
        if (items.Count > 0 && random.Next(2) == 0)
        {
            items.RemoveAt(random.Next(items.Count));
            return;
        }

        for (int i = random.Next(20) == 0 ? 64 : 1; i > 0; i--)
        {
            items.Insert(random.Next(items.Count + 1), item);
        }
    }

    private static T Any<T>(IReadOnlyList<T> items, Random random) => items[random.Next(items.Count)];

    private static long Integer(Random random) => random.Next(3) switch
    {
        0 => random.Next(-2, 9),
        1 => (long)Math.Pow(2, random.NextDouble() * 20),
        _ => Integers[random.Next(Integers.Length)],
    };
}
