using System.Collections.Generic;

namespace Kernels.Onnx.Graphs;

/// <summary>A node: what is computed, from which values, to which values.</summary>
/// <param name="Name">Its name, or that of its first output where it has none.</param>
/// <param name="Domain">The operator's domain; empty for ONNX's own.</param>
/// <param name="Operator">The operator.</param>
/// <param name="Opset">The version of the domain's operators that the model asks for.</param>
/// <param name="Inputs">Names of values; empty where an optional one is left out.</param>
/// <param name="Outputs">Names of values; empty where an optional one is left out.</param>
/// <param name="Attributes">By name.</param>
internal sealed record OnnxNode(
    string Name,
    string Domain,
    string Operator,
    long Opset,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    IReadOnlyDictionary<string, OnnxAttribute> Attributes)
{
    /// <summary>The operator with its domain, unless that is ONNX's own.</summary>
    public string FullOperator => Domain.Length == 0 ? Operator : $"{Domain}.{Operator}";

    /// <summary>The name of an input; empty when it is left out.</summary>
    public string Input(int index) => index < Inputs.Count ? Inputs[index] : "";

    /// <summary>Whether an optional output is asked for.</summary>
    public bool HasOutput(int index) => index < Outputs.Count && Outputs[index].Length > 0;

    public bool Has(string attribute) => Attributes.ContainsKey(attribute);

    public long Int(string attribute, long otherwise) => Get(attribute, otherwise);

    public float Float(string attribute, float otherwise) => Get(attribute, otherwise);

    public string Text(string attribute, string otherwise) => Get(attribute, otherwise);

    public long[]? Ints(string attribute) => Get<long[]?>(attribute, null);

    public OnnxTensor? Tensor(string attribute) => Get<OnnxTensor?>(attribute, null);

    private T Get<T>(string attribute, T otherwise) => !Attributes.TryGetValue(attribute, out OnnxAttribute? found)
        ? otherwise
        : found.Value is T value
            ? value
            : throw new OnnxFormatException($"The attribute {attribute} of the node {Name} ({FullOperator}) is of another kind than the operator has.");
}
