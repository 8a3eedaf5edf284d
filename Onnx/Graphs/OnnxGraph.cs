using System.Collections.Generic;

namespace Kernels.Onnx.Graphs;

/// <summary>What a file says: nodes in an order in which they can run, constants, inputs and outputs.</summary>
/// <param name="Nodes">Each after those that make its inputs.</param>
/// <param name="Constants">Initializers by name.</param>
/// <param name="Inputs">Inputs that are not constants.</param>
/// <param name="Outputs">Outputs.</param>
/// <param name="Opset">The version of ONNX's own operators.</param>
/// <param name="Producer">What wrote the file.</param>
internal sealed record OnnxGraph(
    IReadOnlyList<OnnxNode> Nodes,
    IReadOnlyDictionary<string, OnnxTensor> Constants,
    IReadOnlyList<OnnxValue> Inputs,
    IReadOnlyList<OnnxValue> Outputs,
    long Opset,
    string Producer);
