using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Models;
using Kernels.Models.Nodes;
using Kernels.Onnx.Graphs;
using Kernels.Onnx.Protos;
using Kernels.Quantization;

namespace Kernels.Onnx.Exporting;

/// <summary>
/// A converted model as an ONNX model. Every value has up to two forms: its floats, and its floats as they come out of QuantizeLinear and
/// DequantizeLinear, which int8 layers read. What an int8 layer makes has the second form alone.
/// </summary>
internal sealed class QdqWriter
{
    private const int FormatVersion = 8;
    private const int OperatorSet = 18;

    private readonly QuantizedModel _model;
    private readonly OnnxExportOptions _options;
    private readonly GraphWriter _graph = new();
    private readonly string?[] _floats;
    private readonly string?[] _rounded;

    public QdqWriter(QuantizedModel model, OnnxExportOptions options)
    {
        _model = model;
        _options = options;
        _floats = new string?[model.Nodes.Length + 1];
        _rounded = new string?[model.Nodes.Length + 1];
        if (options.InputShape.Count is 1 or > 4 || options.OutputRank is < 2 or > 4)
        {
            throw new ArgumentException($"Ends of a network have two to four dimensions, but the options have {options.InputShape.Count} and {options.OutputRank}.", nameof(options));
        }
    }

    /// <summary>Writes the model.</summary>
    /// <exception cref="UnsupportedOnnxException">Layers cannot be said in ONNX.</exception>
    public ModelProto Write()
    {
        _graph.Graph.Name = "network";

        // The names of the ends are the user's: nothing else may take them.
        string input = _graph.Name(_options.InputName);
        string output = _graph.Name(_options.OutputName);
        _floats[0] = WriteInput(input);
        var modules = new ModuleWriter(_graph);
        var unsupported = new List<UnsupportedNode>();
        for (int i = 0; i < _model.Nodes.Length; i++)
        {
            ConvertedNode node = _model.Nodes[i];
            try
            {
                WriteNode(modules, node, i + 1);
            }
            catch (NotSupportedException exception)
            {
                unsupported.Add(new UnsupportedNode(node.Node.Name, node.Node.Layer.Type, OperatorSet, exception.Message));
                _floats[i + 1] = _rounded[i + 1] = node.Node.Name;
            }
        }

        if (unsupported.Count > 0)
        {
            throw new UnsupportedOnnxException("ONNX has no operators for:\n" + string.Join('\n', unsupported.Select(static node => "  " + node)), unsupported);
        }

        WriteOutput(Float(_model.Nodes.Length), output);
        var model = new ModelProto { IrVersion = FormatVersion, ProducerName = "Kernels", Graph = _graph.Graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OperatorSet });
        return model;
    }

    private void WriteNode(ModuleWriter modules, ConvertedNode converted, int value)
    {
        (ModelNode node, bool isQuantized, QuantizedLayerWeights? weights) = converted;
        if (node.Layer is StubModule)
        {
            (isQuantized ? _rounded : _floats)[value] = isQuantized ? Rounded(node.Inputs[0]) : Float(node.Inputs[0]);
            return;
        }

        string[] inputs = Array.ConvertAll<int, string>(node.Inputs, isQuantized ? Rounded : Float);
        string made = node.Layer is WeightedModule layer
            ? ConvolutionWriter.Write(_graph, node.Name, layer, weights, isQuantized ? _model.Parameters[node.Inputs[0]] : null, inputs)
            : modules.Write(node.Name, node.Layer, inputs);
        if (isQuantized)
        {
            _rounded[value] = Round(made, value);
        }
        else
        {
            _floats[value] = made;
        }
    }

    private string Float(int value) => _floats[value] ?? _rounded[value] ?? throw new InvalidOperationException("A value is read before it is made.");

    private string Rounded(int value) => _rounded[value] ??= Round(_floats[value]!, value);

    private string Round(string floats, int value)
    {
        QuantizationParameters parameters = _model.Parameters[value] ?? throw new InvalidOperationException("An int8 value has no scale.");
        string name = value == 0 ? _options.InputName : _model.Nodes[value - 1].Node.Name;
        string scale = _graph.Scalar(name + ".scale", parameters.Scale);
        string zeroPoint = _graph.Constant<byte>(name + ".zero_point", ElementType.UInt8, [], [checked((byte)parameters.ZeroPoint)]);
        string codes = _graph.Add("QuantizeLinear", name + ".codes", [floats, scale, zeroPoint]);
        return _graph.Add("DequantizeLinear", name + ".values", [codes, scale, zeroPoint]);
    }

    private string WriteInput(string name)
    {
        IReadOnlyList<int> shape = _options.InputShape;
        if (shape.Count == 0)
        {
            shape = [-1, _model.InChannels, -1, -1];
        }

        _graph.Graph.Input.Add(End(name, shape));
        return MissingAxes(shape.Count) is { Length: > 0 } axes ? _graph.Add("Unsqueeze", name + ".image", [name, _graph.Integers("image_axes", axes)]) : name;
    }

    // The axes of an image that an end of so many dimensions does without.
    private static long[] MissingAxes(int rank) => rank switch { 2 => [2, 3], 3 => [2], _ => [] };

    private void WriteOutput(string value, string name)
    {
        var node = new NodeProto { Name = _graph.Name("end"), OpType = "Identity", Output = { name }, Input = { value } };
        if (MissingAxes(_options.OutputRank) is { Length: > 0 } axes)
        {
            node.OpType = "Squeeze";
            node.Input.Add(_graph.Integers("image_axes", axes));
        }

        _graph.Graph.Node.Add(node);
        int[] open = new int[_options.OutputRank];
        open.AsSpan().Fill(-1);
        _graph.Graph.Output.Add(End(name, open));
    }

    private static ValueInfoProto End(string name, IReadOnlyList<int> shape)
    {
        string[] axes = shape.Count == 3 ? ["batch", "channels", "length"] : ["batch", "channels", "height", "width"];
        var dimensions = new TensorShapeProto();
        for (int i = 0; i < shape.Count; i++)
        {
            dimensions.Dim.Add(shape[i] < 0 ? new TensorShapeProto.Types.Dimension { DimParam = $"{name}_{axes[i]}" } : new TensorShapeProto.Types.Dimension { DimValue = shape[i] });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)ElementType.Float, Shape = dimensions } } };
    }
}
