using System.Collections.Generic;
using System.Linq;
using Kernels.Fusion;
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
/// <param name="IsFused">Whether functions are computed within the layers before them.</param>
internal sealed record NetworkPlan(GraphSpec Graph, IReadOnlyList<NetworkStep> Steps, bool IsFused)
{
    /// <summary>Plans a network.</summary>
    public static NetworkPlan Of(GraphSpec graph, bool fuse)
    {
        fuse = fuse && NetworkFusion.IsKnown(graph);
        var steps = new List<NetworkStep>();

        // What makes each value goes by the name of the first of its parts, as the fused network's nodes do.
        string[] names = [.. Enumerable.Range(0, graph.Nodes.Count + 1).Select(graph.NameOf)];
        foreach (FusionGroup group in NetworkFusion.Groups(graph, fuse))
        {
            NodeSpec head = graph.Nodes[group.Head];
            names[group.Last + 1] = head.Name;
            IEnumerable<int> inputs = group.Second < 0 ? head.Inputs : head.Inputs.Append(group.Second);
            steps.Add(new NetworkStep(
                head.Name,
                [.. group.Nodes.Select(index => graph.Nodes[index].Name)],
                [.. inputs.Select(input => names[input])],
                graph.ShapeOf(group.Last + 1),
                NetworkFusion.Kernel(graph, group) is LayerSpec layer ? Sized(layer, head.Operation, graph.ShapeOf(head.Inputs[0])) : null,
                head.Operation,
                head.Operation == "Linear"));
        }

        return new NetworkPlan(graph, steps, fuse);
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
