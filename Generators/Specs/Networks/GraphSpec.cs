using System.Collections.Generic;
using System.Linq;
using Kernels.Models;

namespace Kernels.Generators.Specs;

/// <summary>A step of a network as the code writes it. Value 0 is the network's input; the node at index i makes value i + 1.</summary>
/// <param name="Name">Its name, unique in the network.</param>
/// <param name="Operation">The function, or the kind of layer.</param>
/// <param name="Arguments">Numbers, as <see cref="CallText"/> writes them.</param>
/// <param name="Inputs">The values read.</param>
/// <param name="Shape">What is known of the output.</param>
/// <param name="Layer">What a layer with a kernel computes.</param>
internal sealed record NodeSpec(
    string Name,
    string Operation,
    EquatableArray<string> Arguments,
    EquatableArray<int> Inputs,
    TensorShape Shape,
    LayerSpec? Layer = null);

/// <summary>A network as the compiler read it; the last node makes its output.</summary>
/// <param name="Input">What is known of the input.</param>
/// <param name="Nodes">The steps, each behind those that it reads.</param>
internal sealed record GraphSpec(TensorShape Input, EquatableArray<NodeSpec> Nodes)
{
    /// <summary>The name of a value.</summary>
    public string NameOf(int value) => value == 0 ? ValueNames.Input : Nodes[value - 1].Name;

    /// <summary>What is known of a value.</summary>
    public TensorShape ShapeOf(int value) => value == 0 ? Input : Nodes[value - 1].Shape;

    /// <summary>The lines that the network, when its code runs, must come to as well.</summary>
    public IEnumerable<string> Lines() =>
        Nodes.Select(node => CallText.Of(node.Name, node.Operation, node.Arguments, [.. node.Inputs.Select(NameOf)]));
}
