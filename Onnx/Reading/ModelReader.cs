using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using Kernels.Onnx.Graphs;
using Kernels.Onnx.Protos;

namespace Kernels.Onnx.Reading;

/// <summary>Reads the bytes of an ONNX file as a graph.</summary>
internal static class ModelReader
{
    /// <summary>The domains whose operators are ONNX's own.</summary>
    private const string OnnxDomain = "ai.onnx";

    /// <summary>Reads a model.</summary>
    /// <param name="parse">Parses the model's message.</param>
    /// <param name="external">Where external data may be.</param>
    /// <exception cref="OnnxFormatException">The bytes are no such model.</exception>
    public static OnnxGraph Read(Func<MessageParser<ModelProto>, ModelProto> parse, ExternalData external)
    {
        ModelProto model;
        try
        {
            model = parse(ModelProto.Parser.WithDiscardUnknownFields(true));
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new OnnxFormatException($"This is not an ONNX file, or it is damaged: {exception.Message}", exception);
        }

        if (model.Graph is null || model.OpsetImport.Count == 0)
        {
            throw new OnnxFormatException("This is not an ONNX file, or it is damaged: it has no graph or no operator set.");
        }

        return Read(model, external);
    }

    private static OnnxGraph Read(ModelProto model, ExternalData external)
    {
        var opsets = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (OperatorSetIdProto opset in model.OpsetImport)
        {
            opsets[Domain(opset.Domain)] = opset.Version;
        }

        GraphProto graph = model.Graph;
        if (graph.SparseInitializer.Count > 0)
        {
            throw new UnsupportedOnnxException($"The model has {graph.SparseInitializer.Count} sparse constants, which are not supported.");
        }

        var constants = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        foreach (TensorProto tensor in graph.Initializer)
        {
            constants[tensor.Name] = TensorReader.Read(tensor, external);
        }

        List<OnnxValue> inputs = [.. graph.Input.Where(input => !constants.ContainsKey(input.Name)).Select(Value)];
        List<OnnxNode> nodes = [.. graph.Node.Select(node => Node(node, opsets, external))];
        return new OnnxGraph(
            TopologicalOrder.Of(nodes, [.. constants.Keys, .. inputs.Select(static input => input.Name)]),
            constants,
            inputs,
            [.. graph.Output.Select(Value)],
            opsets.GetValueOrDefault("", 0),
            $"{model.ProducerName} {model.ProducerVersion}".Trim());
    }

    private static string Domain(string domain) => domain == OnnxDomain ? "" : domain;

    private static OnnxValue Value(ValueInfoProto value)
    {
        TypeProto.Types.Tensor? tensor = value.Type?.TensorType;
        int[]? shape = tensor?.Shape is null
            ? null
            : [.. tensor.Shape.Dim.Select(static dim => dim.DimValue is > 0 and <= int.MaxValue ? (int)dim.DimValue : dim.HasDimValue && dim.DimValue == 0 ? 0 : -1)];
        return new OnnxValue(value.Name, (ElementType)(tensor?.ElemType ?? 0), shape);
    }

    private static OnnxNode Node(NodeProto node, Dictionary<string, long> opsets, ExternalData external)
    {
        string domain = Domain(node.Domain);
        var attributes = new Dictionary<string, OnnxAttribute>(StringComparer.Ordinal);
        foreach (AttributeProto attribute in node.Attribute)
        {
            attributes[attribute.Name] = new OnnxAttribute(attribute.Name, Value(attribute, external));
        }

        string name = node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(static output => output.Length > 0) ?? node.OpType;
        return new OnnxNode(name, domain, node.OpType, opsets.GetValueOrDefault(domain, 0), [.. node.Input], [.. node.Output], attributes);
    }

    private static object? Value(AttributeProto attribute, ExternalData external) => Kind(attribute) switch
    {
        AttributeProto.Types.AttributeType.Float => attribute.F,
        AttributeProto.Types.AttributeType.Int => attribute.I,
        AttributeProto.Types.AttributeType.String => attribute.S.ToStringUtf8(),
        AttributeProto.Types.AttributeType.Tensor when attribute.T is not null => TensorReader.Read(attribute.T, external),
        AttributeProto.Types.AttributeType.Floats => attribute.Floats.ToArray(),
        AttributeProto.Types.AttributeType.Ints => attribute.Ints.ToArray(),
        AttributeProto.Types.AttributeType.Strings => attribute.Strings.Select(static text => text.ToStringUtf8()).ToArray(),
        _ => null,
    };

    /// <summary>The kind of an attribute; files of the first version of the format do not say it.</summary>
    private static AttributeProto.Types.AttributeType Kind(AttributeProto attribute) => attribute.Type != AttributeProto.Types.AttributeType.Undefined
        ? attribute.Type
        : attribute.T is not null ? AttributeProto.Types.AttributeType.Tensor
        : attribute.Ints.Count > 0 ? AttributeProto.Types.AttributeType.Ints
        : attribute.Floats.Count > 0 ? AttributeProto.Types.AttributeType.Floats
        : attribute.S.Length > 0 ? AttributeProto.Types.AttributeType.String
        : attribute.F != 0 ? AttributeProto.Types.AttributeType.Float
        : AttributeProto.Types.AttributeType.Int;
}
