using System;
using System.Collections.Generic;
using System.Linq;

namespace Kernels.Onnx;

/// <summary>A model that is correct, but has nodes, inputs or outputs that cannot be imported, or layers that cannot be exported: all of them are listed.</summary>
public sealed class UnsupportedOnnxException : NotSupportedException
{
    /// <summary>Makes an exception for nodes.</summary>
    /// <param name="nodes">All nodes that cannot be imported.</param>
    public UnsupportedOnnxException(IReadOnlyList<UnsupportedNode> nodes)
        : base(Text(nodes)) => Nodes = nodes;

    /// <summary>Makes an exception for the model as a whole, such as one with several inputs.</summary>
    /// <param name="message">What cannot be imported, and what would help.</param>
    public UnsupportedOnnxException(string message)
        : base(message) => Nodes = [];

    internal UnsupportedOnnxException(string message, IReadOnlyList<UnsupportedNode> nodes)
        : base(message) => Nodes = nodes;

    /// <summary>All nodes that cannot be imported, or layers that cannot be exported.</summary>
    public IReadOnlyList<UnsupportedNode> Nodes { get; }

    private static string Text(IReadOnlyList<UnsupportedNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        string head = nodes.Count == 1 ? "A node cannot be imported:" : $"{nodes.Count} nodes cannot be imported:";
        return string.Join('\n', nodes.Select(static node => "  " + node).Prepend(head));
    }
}
