namespace Kernels.Onnx;

/// <summary>A node of an ONNX graph that cannot be imported, or a layer that cannot be exported to one.</summary>
/// <param name="Name">Its name, or that of its first output where it has none.</param>
/// <param name="Operator">Its operator, with the domain in front where that is not ONNX's own.</param>
/// <param name="Opset">The version of the operator set that the file asks for.</param>
/// <param name="Reason">Why it cannot be imported.</param>
public sealed record UnsupportedNode(string Name, string Operator, long Opset, string Reason)
{
    /// <summary>The node as a line of a message.</summary>
    /// <returns>Operator, name, opset and reason.</returns>
    public override string ToString() => $"{Operator} {Name} (opset {Opset}): {Reason}";
}
