using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Kernels.Onnx.Graphs;
using Kernels.Onnx.Lowering;
using Kernels.Onnx.Protos;
using Kernels.Onnx.Reading;
using Kernels.Quantization;

namespace Kernels.Onnx.Tests.Nodes;

/// <summary>A test of the ONNX backend suite: a model, its inputs and the outputs that it must have.</summary>
internal sealed class NodeTest
{
    private static readonly ExternalData NoFiles = new(null);

    private NodeTest(string name, byte[] model, OnnxGraph graph, OnnxTensor[] inputs, OnnxTensor[] outputs)
    {
        Name = name;
        Model = model;
        Graph = graph;
        Inputs = inputs;
        Outputs = outputs;
    }

    public string Name { get; }

    public byte[] Model { get; }

    public OnnxGraph Graph { get; }

    public OnnxTensor[] Inputs { get; }

    public OnnxTensor[] Outputs { get; }

    /// <summary>The operators of the graph, for the table.</summary>
    public string Operators => string.Join(", ", Graph.Nodes.Select(static node => node.FullOperator).Where(static op => op != "Constant").Distinct().Order(StringComparer.Ordinal));

    public static NodeTest Read(NodeFile file)
    {
        byte[] model = file.Parts["model.onnx"];
        OnnxGraph graph = ModelReader.Read(parser => parser.ParseFrom(model), NoFiles);
        bool hasTensors = graph.Inputs.All(static input => input.Type != ElementType.Undefined);
        return new NodeTest(file.Name, model, graph, hasTensors ? Tensors(file, "input") : [], hasTensors ? Tensors(file, "output") : []);
    }

    /// <summary>
    /// Runs the test: the first input stays one and all others become constants, as weights in files are.
    /// </summary>
    /// <returns>Null when it passed; otherwise why it is not supported.</returns>
    public string? Run()
    {
        if (Graph.Inputs.Count != Inputs.Length || Inputs.Length == 0)
        {
            return "inputs that are no tensors are not supported";
        }

        string? reason = null;
        for (int i = 0; i < Outputs.Length; i++)
        {
            reason ??= Run(i);
        }

        return reason;
    }

    /// <summary>The network of one output.</summary>
    /// <exception cref="UnsupportedOnnxException">It cannot be imported.</exception>
    public OnnxModel Load(int output)
    {
        var constants = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        for (int i = 1; i < Inputs.Length; i++)
        {
            constants[Graph.Inputs[i].Name] = Inputs[i];
        }

        return OnnxModel.Load(Model, new OnnxLoadOptions { Output = Graph.Outputs[output].Name, Constants = constants });
    }

    private string? Run(int output)
    {
        OnnxModel model;
        try
        {
            model = Load(output);
        }
        catch (UnsupportedOnnxException exception)
        {
            return exception.Nodes.Count > 0 ? $"{exception.Nodes[0].Operator}: {exception.Nodes[0].Reason}" : exception.Message;
        }

        OnnxTensor input = Inputs[0];
        float[] result = Result(model, input);
        OnnxTensor expected = Outputs[output];
        if (!model.OutputShape.SequenceEqual(expected.Shape))
        {
            throw new InvalidDataException($"{Name}: the output has the dimensions [{string.Join(", ", model.OutputShape)}] instead of [{string.Join(", ", expected.Shape)}].");
        }

        Compare(expected.Reals, result);
        return null;
    }

    /// <summary>The output as the file has it: numbers, or codes of a model that makes them.</summary>
    private static float[] Result(OnnxModel model, OnnxTensor input)
    {
        ImportedNetwork network = model.Network;
        FloatTensor x = FloatTensor.FromNchw(network.PhysicalInput, network.InputCodes is { } inputCodes ? Real(input.Reals, network.InputParameters!.Value, inputCodes) : input.Reals);
        float[] y = (model.Quantized is { } quantized ? quantized.Forward(x) : model.Float.Forward(x)).ToNchw();
        return network.OutputCodes is { } outputCodes ? Codes(y, network.Steps[^1].Parameters!.Value, outputCodes) : y;
    }

    private static float[] Real(ReadOnlySpan<float> codes, QuantizationParameters parameters, ElementType type)
    {
        int zero = parameters.ZeroPoint - (type == ElementType.Int8 ? 128 : 0);
        return Array.ConvertAll(codes.ToArray(), code => (code - zero) * parameters.Scale);
    }

    private static float[] Codes(float[] reals, QuantizationParameters parameters, ElementType type)
    {
        int zero = parameters.ZeroPoint - (type == ElementType.Int8 ? 128 : 0);
        return Array.ConvertAll(reals, real => MathF.Round(real / parameters.Scale) + zero);
    }

    // The suite's tolerance: rtol 1e-3, atol 1e-7.
    private void Compare(ReadOnlySpan<float> expected, float[] actual)
    {
        for (int i = 0; i < actual.Length; i++)
        {
            if (!(Math.Abs(actual[i] - (double)expected[i]) <= 1e-7 + 1e-3 * Math.Abs((double)expected[i])) && !actual[i].Equals(expected[i]))
            {
                throw new InvalidDataException($"{Name}: element {i} is {actual[i]} instead of {expected[i]}.");
            }
        }
    }

    private static OnnxTensor[] Tensors(NodeFile file, string prefix)
    {
        var tensors = new List<OnnxTensor>();
        while (file.Parts.TryGetValue($"test_data_set_0/{prefix}_{tensors.Count}.pb", out byte[]? bytes))
        {
            tensors.Add(TensorReader.Read(TensorProto.Parser.ParseFrom(bytes), NoFiles));
        }

        return [.. tensors];
    }
}
