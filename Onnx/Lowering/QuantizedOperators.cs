using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Lowering;

/// <summary>
/// Writes operators on codes, ONNX's QLinearConv and ONNX Runtime's QLinearAdd and their like, as DequantizeLinear, the float operator and
/// QuantizeLinear: one form for both kinds of quantized files.
/// </summary>
internal static class QuantizedOperators
{
    private static readonly IReadOnlyDictionary<string, OnnxAttribute> None = new Dictionary<string, OnnxAttribute>();

    /// <summary>The nodes with such operators written out.</summary>
    public static IReadOnlyList<OnnxNode> Expand(IReadOnlyList<OnnxNode> nodes) => [.. nodes.SelectMany(Expand)];

    private static IReadOnlyList<OnnxNode> Expand(OnnxNode node)
    {
        var parts = new Parts(node);
        switch (node.FullOperator)
        {
            case "QLinearConv":
                return parts.Result("Conv", 6, [parts.Real(0), parts.Weight(3), .. node.Input(8).Length > 0 ? [parts.Bias(8, 1, 4)] : Array.Empty<string>()]);
            case "QLinearMatMul":
                return parts.Result("MatMul", 6, [parts.Real(0), parts.Real(3)]);
            case "com.microsoft.QGemm":
                return parts.Gemm();
            case "com.microsoft.QLinearAdd":
                return parts.Result("Add", 6, [parts.Real(0), parts.Real(3)]);
            case "com.microsoft.QLinearMul":
                return parts.Result("Mul", 6, [parts.Real(0), parts.Real(3)]);
            case "com.microsoft.QLinearAveragePool" when node.Int("channels_last", 0) == 0:
                return parts.Result("AveragePool", 3, [parts.Real(0)]);
            case "com.microsoft.QLinearGlobalAveragePool" when node.Int("channels_last", 0) == 0:
                return parts.Result("GlobalAveragePool", 3, [parts.Real(0)]);
            case "com.microsoft.QLinearSigmoid":
                return parts.Result("Sigmoid", 3, [parts.Real(0)]);
            case "com.microsoft.QLinearLeakyRelu":
                return parts.Result("LeakyRelu", 3, [parts.Real(0)]);
            case "com.microsoft.QLinearSoftmax":
                return parts.Result("Softmax", 3, [parts.Real(0)], node.Int("opset", 13));
            case "com.microsoft.QLinearReduceMean":
                return parts.Result("ReduceMean", 3, [parts.Real(0)]);
            case "com.microsoft.QLinearConcat":
                return parts.Result("Concat", 0, [.. Enumerable.Range(0, Math.Max(0, (node.Inputs.Count - 2) / 3)).Select(i => parts.Real(2 + 3 * i))]);
            default:
                return [node];
        }
    }

    /// <summary>The nodes that one is written as; names of values that only they know start with that of the node's output.</summary>
    private sealed class Parts(OnnxNode node)
    {
        private readonly List<OnnxNode> _nodes = [];
        private readonly string _name = node.Outputs.Count > 0 ? node.Outputs[0] : node.Name;

        /// <summary>The numbers of three inputs: codes, scale and zero point.</summary>
        public string Real(int input) => Add("DequantizeLinear", [node.Input(input), node.Input(input + 1), node.Input(input + 2)]);

        /// <summary>Weights with scales along their first axis.</summary>
        public string Weight(int input) => Add("DequantizeLinear", [node.Input(input), node.Input(input + 1), node.Input(input + 2)], Axis(0));

        /// <summary>A bias of int32, whose scale is the product of two others.</summary>
        public string Bias(int input, int first, int second) =>
            Add("DequantizeLinear", [node.Input(input), Add("Mul", [node.Input(first), node.Input(second)])], Axis(0));

        /// <summary>The float operator, and the codes of its output.</summary>
        public IReadOnlyList<OnnxNode> Result(string name, int scale, string[] inputs, long? opset = null)
        {
            string real = Add(name, inputs, node.Attributes, opset);
            _nodes.Add(new OnnxNode(node.Name, "", "QuantizeLinear", OnnxOpset, [real, node.Input(scale), node.Input(scale + 1)], node.Outputs, None));
            return _nodes;
        }

        /// <summary>A Gemm of codes; without a scale of the output it stays float.</summary>
        public IReadOnlyList<OnnxNode> Gemm()
        {
            string weight = Add("DequantizeLinear", [node.Input(3), node.Input(4), node.Input(5)], Axis(node.Int("transB", 0) != 0 ? 0 : 1));
            string[] inputs = [Real(0), weight, .. node.Input(6).Length > 0 ? [Bias(6, 1, 4)] : Array.Empty<string>()];
            if (node.Input(7).Length > 0)
            {
                return Result("Gemm", 7, inputs);
            }

            _nodes.Add(new OnnxNode(node.Name, "", "Gemm", OnnxOpset, inputs, node.Outputs, node.Attributes));
            return _nodes;
        }

        // The domain of these operators has versions of its own; those of the parts are ONNX's of that time.
        private long OnnxOpset => node.Domain.Length == 0 ? node.Opset : 13;

        private string Add(string name, string[] inputs, IReadOnlyDictionary<string, OnnxAttribute>? attributes = null, long? opset = null)
        {
            string output = $"{_name}/{name}_{_nodes.Count}";
            _nodes.Add(new OnnxNode(node.Name, "", name, opset ?? OnnxOpset, inputs, [output], attributes ?? None));
            return output;
        }

        private static Dictionary<string, OnnxAttribute> Axis(long axis) => new() { ["axis"] = new OnnxAttribute("axis", axis) };
    }
}
