using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>A step of a network as it runs.</summary>
/// <param name="Name">The name of the value that it makes.</param>
/// <param name="Parts">The layers and functions that it computes, by name, in their order.</param>
/// <param name="Inputs">Names of the values that it reads.</param>
/// <param name="Shape">What is known of its output.</param>
/// <param name="Kernel">The kernel that is generated for it; nothing for a function of the runtime.</param>
/// <param name="Operation">What it does: the function's name, or the layer's kind.</param>
/// <param name="IsLinear">Whether it is a linear layer.</param>
internal sealed record NetworkStep(
    string Name, IReadOnlyList<string> Parts, IReadOnlyList<string> Inputs, TensorShape Shape, LayerSpec? Kernel, string Operation, bool IsLinear);

/// <summary>A network as it runs: which parts are one step, and with which kernel.</summary>
/// <param name="Graph">What the code says.</param>
/// <param name="Steps">The steps, in the order in which they run.</param>
internal sealed record NetworkPlan(GraphSpec Graph, IReadOnlyList<NetworkStep> Steps)
{
    /// <summary>Plans a network.</summary>
    public static NetworkPlan Of(GraphSpec graph, bool fuse)
    {
        var steps = new List<NetworkStep>();
        foreach (NodeSpec node in graph.Nodes)
        {
            steps.Add(new NetworkStep(
                node.Name,
                [node.Name],
                [.. node.Inputs.Select(graph.NameOf)],
                node.Shape,
                node.Layer is LayerSpec layer ? Sized(layer, node.Operation, graph.ShapeOf(node.Inputs[0])) : null,
                node.Operation,
                node.Operation == "Linear"));
        }

        return new NetworkPlan(graph, steps);
    }

    /// <summary>A layer with the size of its input, where that is known: its tiles then fit.</summary>
    private static LayerSpec Sized(LayerSpec layer, string operation, TensorShape input) => operation == "Linear" ? layer : layer with
    {
        Vertical = layer.Vertical with { InputSize = Size(input.Height) },
        Horizontal = layer.Horizontal with { InputSize = Size(input.Width) },
    };

    // A row longer than what the attribute takes is like any row.
    private static int Size(int size) => size <= Limits.InputSize ? size : 0;
}
